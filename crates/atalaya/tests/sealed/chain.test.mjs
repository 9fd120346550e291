import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { breaks, links, names, unshown } from '../../assets/sealed/chain.js';

test('one that is missing, doubled or foreign breaks the chain, and that shows', () => {
  const chain = ['a', 'b', 'c', 'd'].map((sha256, at) => ({ place: at + 1, way: at % 2 ? 'out' : 'in', sha256, prev: at ? 'abc'[at - 1] : '', own: null, shown: null }));
  assert.deepEqual(breaks(chain), []);
  assert.deepEqual(breaks(chain.map((one) => ({ ...one, prev: one.place % 2 ? null : one.prev }))), []);
  assert.deepEqual(breaks([chain[0], chain[2], chain[3]]), [{ place: 3, code: 'chain-missing' }]);
  assert.deepEqual(breaks([chain[0], { ...chain[2], place: 2 }, { ...chain[3], place: 3 }]), [{ place: 2, code: 'chain-broken' }]);
  assert.deepEqual(breaks([chain[0], chain[1], { ...chain[1], place: 3 }]), [{ place: 3, code: 'chain-twice' }]);
  assert.deepEqual(breaks(chain.slice(1)), [{ place: 2, code: 'chain-missing' }]);
  assert.deepEqual(breaks([{ ...chain[0], prev: 'x' }]), [{ place: 1, code: 'chain-broken' }]);
});

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

/** A dialogue as its writers make it, `i` for a reporter's message and `o` for an answer: each names what its writer saw then. */
function written(ways, untold = []) {
  const all = [];
  for (const [at, letter] of [...ways].entries()) {
    const way = letter === 'i' ? 'in' : 'out';
    // The team has not been told of these when it answers.
    const seen = way === 'in' ? all : all.filter(({ place }) => !(untold.includes(place) && at === untold.at(-1)));
    all.push({ place: at + 1, way, sha256: hashOf(`${letter}${at + 1}`), ...links(seen, way) });
  }
  return all;
}

const numbered = (envelopes) => envelopes.map((envelope, at) => ({ ...envelope, place: at + 1 }));
const asReporter = (envelopes) => envelopes.map((envelope) => envelope.way === 'in' ? { ...envelope, ...names(null) } : envelope);

test('an answer that was written before the team was told of a message breaks nothing, for neither side', () => {
  for (const [ways, untold] of [['ioi', []], ['iiio', [2, 3]], ['ioiio', [3, 4]], ['ioiioi', [3, 4]], ['iioi', [2]], ['ioioo', []], ['ioiioioo', [4]]]) {
    const dialogue = written(ways, untold);
    assert.deepEqual(breaks(dialogue), [], ways);
    assert.deepEqual(breaks(asReporter(dialogue)), [], ways);
    // As the desk has it until it is told: places that say nothing yet.
    assert.deepEqual(breaks(dialogue.slice(0, (untold.at(-1) ?? 0) + 1).map((one) => untold.includes(one.place) ? { place: one.place, way: one.way, untold: true, ...names(null) } : one)), [], ways);
  }
});

test('whatever is dropped, put in or sent twice beside messages that wait shows to who reads on', () => {
  const dialogue = written('ioiioio', [3, 4]);
  for (let at = 0; at < dialogue.length - 1; at++) {
    const rest = dialogue.filter((_, other) => other !== at);
    assert.equal(breaks(rest)[0].code, 'chain-missing');
    // The server numbers them anew, so that no place is missing.
    const later = dialogue.slice(at + 1).some(({ way }) => way === dialogue[at].way);
    if (later) assert.equal(breaks(numbered(rest))[0]?.code, 'chain-broken', `without ${at + 1}`);
    if (later && dialogue[at].way === 'out') assert.equal(breaks(asReporter(numbered(rest)))[0]?.code, 'chain-broken', `without ${at + 1}, for the reporter`);
    for (const to of dialogue.keys()) {
      if (to > at) assert.ok(breaks(asReporter(numbered([...dialogue.slice(0, to + 1), dialogue[at], ...dialogue.slice(to + 1)]))).some(({ code }) => code === 'chain-twice'), `${at + 1} again behind ${to + 1}`);
    }
  }
  // Answers in another order; one to something that is not there, or to what came before the answer before it.
  const [first, one, , , two] = dialogue;
  assert.equal(breaks(asReporter(numbered([first, two, one])))[0].code, 'chain-broken');
  assert.equal(breaks(numbered([first, one, { ...two, prev: 'x' }]))[0].code, 'chain-broken');
  assert.equal(breaks(numbered([first, one, { ...two, prev: first.sha256, own: null }]))[0].code, 'chain-broken');
  // Who answers with a program of their own says nothing of it, and is not accused.
  assert.deepEqual(breaks(dialogue.map((envelope) => envelope.way === 'out' ? { ...envelope, ...names({}) } : envelope)), []);
});

/** What a writer names whom the server shows this list, in place of what is there. */
const lied = (place, way, list) => ({ place, way, sha256: hashOf(`${way}${place}, lied to`), ...names(links(list, way)) });

test('a server that hides a message from the team and lists another hash in its place is found out by both sides', () => {
  const [first, second] = written('ii');
  // The reporter's page has two messages of its own, as there should be; the hash of the first stands for the second.
  const listed = [{ ...first, sha256: hashOf('no message') }, { ...second, sha256: first.sha256 }];
  const third = lied(2, 'in', listed);
  // `prev` and `own` fit what the team has: only the number does not.
  assert.deepEqual(breaks([first, { ...third, shown: null }]), []);
  assert.deepEqual(breaks([first, third]), [{ place: 2, code: 'chain-more-in', said: 2, here: 1 }]);
  // The answer says what the team was shown as first message; the reporter's list has another there.
  const answer = lied(2, 'out', [first]);
  const seen = [...asReporter(listed), { ...answer, place: 3 }];
  assert.deepEqual(breaks(seen.map((one) => ({ ...one, shown: null }))), []);
  assert.deepEqual(breaks(seen), [{ place: 3, code: 'chain-other-in', said: 1, here: 2 }]);
  // Listed with its true hash and the second with a false one, the team's own chain breaks.
  const third_ = lied(2, 'in', [first, { ...second, sha256: hashOf('no message') }]);
  assert.deepEqual(breaks([first, third_]).map(({ code }) => code), ['chain-broken', 'chain-more-in']);
});

test('a false hash in any place, of either side, and any number that is not true, shows to the other side', () => {
  const dialogue = written('ioioio');
  for (const at of dialogue.keys()) {
    const way = dialogue[at].way;
    const shown = dialogue.slice(0, at);
    for (const hidden of shown.keys()) {
      // One is hidden from the writer; one has another hash; and the same with the numbers put right.
      const without = lied(at + 1, way, shown.filter((_, other) => other !== hidden));
      const swapped = lied(at + 1, way, shown.map((one, other) => other === hidden ? { ...one, sha256: hashOf('false') } : one));
      const whole = [...shown, without];
      // A team that was not told of the reporter's newest messages is no alarm, and is said; an answer to nothing is one.
      const late = hidden > 0 && way === 'out' && shown[hidden].way === 'in' && !shown.slice(hidden + 1).some((one) => one.way === 'in');
      assert.equal(breaks(whole).length > 0, !late, `${hidden + 1} hidden from who wrote ${at + 1}`);
      assert.deepEqual(unshown(whole, without), way === 'out' && shown[hidden].way === 'in' ? { said: without.shown.in.count, here: without.shown.in.count + 1 } : null);
      const last = shown.filter((one) => one.way === shown[hidden].way).at(-1) === shown[hidden];
      assert.equal(breaks([...shown, swapped]).length > 0, last, `${hidden + 1} swapped for who wrote ${at + 1}`);
      if (last) assert.ok(breaks([...shown, swapped]).some(({ code }) => code === `chain-other-${shown[hidden].way}`));
    }
  }
  // A colleague who was shown fewer messages than the one who answered before.
  const [first, answer, second] = written('ioi');
  const one = { place: 4, way: 'out', sha256: hashOf('one'), ...links([first, answer, second], 'out') };
  const other = { place: 5, way: 'out', sha256: hashOf('other'), ...links([first, answer, one], 'out') };
  assert.ok(breaks([first, answer, second, one, other]).some(({ code, said, here }) => code === 'chain-fewer-in' && said === 1 && here === 2));
});

test('an envelope of before, or with numbers that are none, names nothing and is not accused', () => {
  const hash = hashOf('x');
  for (const shown of [undefined, null, 3, {}, { in: { count: 1, last: hash } }, { in: { count: -1, last: '' }, out: { count: 0, last: '' } }, { in: { count: 1, last: '' }, out: { count: 0, last: '' } }, { in: { count: 0, last: hash }, out: { count: 0, last: '' } }]) {
    assert.equal(names({ prev: hash, own: hash, shown }).shown, null, JSON.stringify(shown));
  }
  assert.deepEqual(names({ shown: links([], 'in').shown }).shown, { in: { count: 0, last: '' }, out: { count: 0, last: '' } });
  assert.deepEqual(breaks(written('ioiioio', [3, 4]).map((one) => ({ ...one, shown: null }))), []);
});
