/**
 * The forms nearest to a mistyped word: as src/search/client/typo.rs.
 */

async function nearest(library, key) {
  const letters = [...key];
  const limit = letters.length < 8 ? 14 : 24;
  const half = Math.ceil(letters.length / 2);
  const best = new Map();
  const start = letters.slice(0, Math.max(half, 3)).join('');
  const homes = new Set([...within(library.bounds, start, 3), ...within(library.bounds, key, 1)]);
  const backwards = letters.slice().reverse().join('');
  const end = letters.slice(half + 1).reverse().join('');
  const ends = new Set([
    ...within(library.backwards, end, 4),
    ...within(library.backwards, backwards, 1),
  ]);
  const [shards, spellings] = await Promise.all([
    Promise.all([...homes].map((shard) => library.words(shard))),
    Promise.all([...ends].map((shard) => library.spelling(shard))),
  ]);
  for (const words of shards) {
    words.forms.forEach((form, place) => {
      const cost = typo(letters, words.keys[place], limit);
      const often = words.starts[place + 1] - words.starts[place];
      if (cost > limit) return;
      const known = best.get(form);
      best.set(form, { form, cost, often: Math.max(often, known ? known.often : 0) });
    });
  }
  for (const forms of spellings) {
    for (const form of forms) {
      const cost = typo(letters, fold(form), limit);
      if (cost <= limit && !best.has(form)) best.set(form, { form, cost, often: 1 });
    }
  }
  const list = [...best.values()].sort(
    (a, b) => a.cost - b.cost || b.often - a.often || (a.form < b.form ? -1 : 1),
  );
  return list.filter(({ cost }) => cost <= list[0].cost + 4).slice(0, 6);
}

/** Articles in which a form has to stand so that a rare one may be a typo of it. */
const OFTEN = 8;
/** What such a typo may cost. */
const ONE_SLIP = 10;

/** Frequent forms, in the same shard, that a rare key may have been typed for. */
function likelier(words, letters) {
  return words.keys
    .map((key, place) => ({ key, place }))
    .filter(({ place }) => words.starts[place + 1] - words.starts[place] >= OFTEN)
    .map(({ key, place }) => ({ place, cost: typo(letters, key, ONE_SLIP) }))
    .filter(({ cost }) => cost <= ONE_SLIP);
}

const COST = { swap: 8, beside: 9, other: 12, extra: 10, missed: 10, doubled: 7, first: 2 };

/** What it costs to have typed `typed` for `key`; more than `limit` is Infinity. */
function typo(typed, key, limit) {
  const target = lettersOf(key);
  if (Math.abs(typed.length - target.length) > 2) return Infinity;
  const width = target.length + 1;
  let before = [];
  let last = [];
  for (let j = 0; j < width; j++) last.push(COST.missed * j);
  for (let i = 1; i <= typed.length; i++) {
    const next = [COST.extra * i];
    const t = typed[i - 1];
    const extra = i > 1 && typed[i - 2] === t ? COST.doubled : COST.extra;
    let least = next[0];
    for (let j = 1; j < width; j++) {
      const k = target[j - 1];
      let value = last[j - 1];
      if (t !== k) {
        value += NEXT[t]?.includes(k) ? COST.beside : COST.other;
        if (i === 1 && j === 1) value += COST.first;
      }
      if (last[j] + extra < value) value = last[j] + extra;
      const missed = next[j - 1] + (j > 1 && target[j - 2] === k ? COST.doubled : COST.missed);
      if (missed < value) value = missed;
      if (i > 1 && j > 1 && t === target[j - 2] && typed[i - 2] === k && t !== k && before[j - 2] + COST.swap < value) {
        value = before[j - 2] + COST.swap;
      }
      next.push(value);
      if (value < least) least = value;
    }
    if (least > limit) return Infinity;
    [before, last] = [last, next];
  }
  return last[width - 1] <= limit ? last[width - 1] : Infinity;
}

/** By letter, those beside it on a keyboard. */
const NEXT = {};
for (const row of ['qwertyuiopa', 'asdfghjkl', 'zxcvbnm', 'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю']) {
  [...row].forEach((key, i) => (NEXT[key] = [NEXT[key], row[i - 1], row[i + 1]].join('')));
}
