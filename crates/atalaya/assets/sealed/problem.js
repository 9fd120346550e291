// What can go wrong, each with a code that names a text of the page (`data-problem-CODE`).

export class Problem extends Error {
  /** `detail` is for the reader who asks, never needed to understand the line. */
  constructor(code, detail = '') {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'Problem';
    this.code = code;
    this.detail = detail;
  }
}

/** The code of any error; what nobody expected is `unexpected`. */
export function codeOf(error) {
  if (error instanceof Problem) return error.code;
  return error?.name === 'AbortError' ? 'stopped' : 'unexpected';
}
