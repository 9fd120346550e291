// A message that may have arrived although its answer was lost on the way: asked for again, it is looked for first,
// so that nobody says the same thing twice.

import { $$ } from './page.js';
import { Problem } from './problem.js';
import { forget } from './questions.js';

/** `reload()` shows the dialogue anew, `lists(hash)` says whether it has a message. Fields and files are cleared when it is there. */
export function attempts(scope, files, { reload, lists, done = () => {} }) {
  // What stands in the fields, so that nothing that was typed since is taken for sent.
  const words = () => JSON.stringify([...$$('[data-answer]', scope).map(({ value }) => value), files.marks()]);
  let last = null;
  const arrived = () => {
    const { hash } = last;
    last = null;
    forget(scope);
    files.forget();
    done(hash);
  };
  return {
    arrived,
    hashed: (hash) => { last = { hash, words: words() }; },
    forget: () => { last = null; },
    /** Whether the last try is there after all. */
    async found() {
      if (!last) return false;
      await reload();
      if (!lists(last.hash)) return false;
      if (last.words !== words()) { last = null; throw new Problem('moved'); }
      arrived();
      return true;
    },
  };
}
