/**
 * From a typed word to forms of the manual, each with a quality: as src/search/client/lookup.rs.
 */

const QUALITY = {
  exact: 64, folded: 60, refolded: 48, beginning: 50, unfinished: 44, alike: 36, part: 40, synonym: 46,
  typo: 52, likelier: 40, formOf: 50, unlike: 10,
};
const MOST = 128;
/** Shorter parts of a typed compound are not looked for. */
const MIN_SPLIT = 3;
/** Shards that are loaded for either part of one. */
const SPLITS = 3;
/** Shorter words that are rare may well be meant. */
const MIN_RARE = 5;

class Candidates {
  constructor() {
    this.list = new Map();
  }

  add(shard, place, words, quality, how) {
    const id = shard * 65536 + place;
    const known = this.list.get(id);
    if (!known || quality > known.quality) this.list.set(id, { shard, place, words, quality, how });
  }

  best() {
    return Math.max(0, ...[...this.list.values()].map((c) => c.quality));
  }

  /** Whether what was found stands in a single article and in no title. */
  isRare() {
    let doc;
    for (const { words, place } of this.list.values()) {
      for (let i = words.starts[place]; i < words.starts[place + 1]; i++) {
        if (words.shares[i] || words.places[4 * i + 2] || words.places[4 * i + 3]) return false;
        doc ??= words.docs[i];
        if (words.docs[i] !== doc) return false;
      }
    }
    return doc !== undefined;
  }

  addGroups() {
    for (const { shard, place, words, quality, how } of [...this.list.values()]) {
      if (how !== 'beginning') this.addGroup(shard, place, words, quality, 'form');
    }
  }

  addGroup(shard, place, words, quality, how) {
    for (const member of words.members[words.first[place]]) {
      const far = Math.min(unlike(words.keys[place], words.keys[member]), QUALITY.unlike);
      this.add(shard, member, words, Math.floor((quality * (QUALITY.formOf - far)) / 64), how);
    }
  }

  async addWord(library, form, quality, how) {
    const key = fold(form);
    const [shard] = within(library.bounds, key, 1);
    const words = await library.words(shard);
    const [start, end] = words.starting(key);
    for (let place = start; place < end; place++) {
      if (words.keys[place] !== key) continue;
      this.add(shard, place, words, quality, how);
      this.addGroup(shard, place, words, quality, how);
    }
  }

  sorted() {
    return [...this.list.values()]
      .sort((a, b) => b.quality - a.quality || a.shard - b.shard || a.place - b.place)
      .slice(0, MOST);
  }
}

/** The letters by which two forms differ after what they share. */
function unlike(a, b) {
  const [x, y] = [lettersOf(a), lettersOf(b)];
  let shared = 0;
  while (shared < x.length && shared < y.length && x[shared] === y[shared]) shared++;
  return x.length + y.length - 2 * shared;
}

/**
 * Where the words stand that start with a key: their shards, or if they are many that of the key
 * itself and the beginning's own.
 */
async function beginningShards(library, key) {
  const list = within(library.bounds, key, 3);
  if (list.length > 2) {
    const [first] = list;
    const own = await library.words(first);
    const hash = own.beginnings.get(key);
    if (hash) return [[first, own], await library.beginning(hash)];
    list.pop();
  }
  return Promise.all(list.map(async (shard) => [shard, await library.words(shard)]));
}

/**
 * What each of these words means too, by the house's synonyms. One of several words holds for each of
 * them where they stand in a row.
 */
function meanings(library, words) {
  const keys = words.map(fold);
  const means = keys.map(() => []);
  for (const [from, to] of library.entry.synonyms) {
    const parts = from.split(' ');
    for (let start = 0; start + parts.length <= keys.length; start++) {
      if (!parts.every((part, i) => part === keys[start + i])) continue;
      for (let i = 0; i < parts.length; i++) means[start + i].push(...to.split(' '));
    }
  }
  return means;
}

async function lookup(library, word, means, prefix, correct) {
  const key = fold(word);
  const found = new Candidates();
  const others = means.map((form) => library.home(form));
  const [shard] = within(library.bounds, key, 1);
  const home = prefix ? await beginningShards(library, key) : [[shard, await library.words(shard)]];
  const [[first, own]] = home;
  const letters = [...key];
  for (const [shard, words] of home) {
    const [start, end] = words.starting(key);
    for (let place = start; place < end; place++) {
      if (words.forms[place] === word) {
        found.add(shard, place, words, QUALITY.exact, 'exact');
      } else if (words.keys[place] === key) {
        const quality = key === word ? QUALITY.folded : QUALITY.refolded;
        found.add(shard, place, words, quality, 'folded');
      } else if (prefix) {
        const more = lettersOf(words.keys[place]).length - letters.length;
        found.add(shard, place, words, QUALITY.beginning - Math.min(more, 12), 'beginning');
      }
    }
  }
  const known = found.best() >= QUALITY.refolded;
  found.addGroups();
  await Promise.all(others);
  for (const form of means) await found.addWord(library, form, QUALITY.synonym, 'synonym');
  let corrected;
  if (correct && found.isRare() && !isCode(word) && letters.length >= MIN_RARE) {
    for (const { place, cost } of likelier(own, letters)) {
      found.add(first, place, own, QUALITY.likelier - cost, 'typo');
    }
  }
  if (!known && !prefix && letters.length >= 4) await unfinished(library, key, found);
  if (!known && !isCode(word) && letters.length >= 4) {
    if (correct && !found.list.size) {
      const near = await nearest(library, key);
      // The word itself, if only its shard did not load.
      if (near[0]?.form !== word) corrected = near[0]?.form;
      await Promise.all(near.map(({ form }) => library.home(form)));
      for (const { form, cost } of near) {
        await found.addWord(library, form, QUALITY.typo - cost, 'typo');
      }
    }
    if (!found.list.size || !prefix) alike(letters, first, own, found);
    if (!found.list.size) await split(library, letters, found);
  }
  return { word, key, prefix, candidates: found.sorted(), corrected };
}

/** Forms that a word which the manual doesn't have is the beginning of, compounds mostly. */
async function unfinished(library, key, found) {
  for (const [shard, words] of await beginningShards(library, key)) {
    const [start, end] = words.starting(key);
    for (let place = start; place < end; place++) {
      const more = lettersOf(words.keys[place]).length - [...key].length;
      found.add(shard, place, words, QUALITY.unfinished - Math.min(more, 12), 'beginning');
    }
  }
}

/** The parts of a compound that the manual doesn't have, if it has them as words. */
async function split(library, letters, found) {
  const homes = new Set();
  let tries = SPLITS;
  for (let at = letters.length - MIN_SPLIT; at >= MIN_SPLIT; at--) {
    const whole = letters.slice(0, at).join('');
    const second = letters.slice(at).join('');
    let known;
    for (const first of whole.endsWith('s') ? [whole, whole.slice(0, -1)] : [whole]) {
      const [home] = within(library.bounds, first, 1);
      if (!homes.has(home) && homes.size >= SPLITS) continue;
      homes.add(home);
      if ((await library.words(home)).has(first)) {
        known = first;
        break;
      }
    }
    if (!known) continue;
    if (!tries--) return;
    const [home] = within(library.bounds, second, 1);
    if ((await library.words(home)).has(second)) {
      await found.addWord(library, known, QUALITY.part, 'alike');
      await found.addWord(library, second, QUALITY.part, 'alike');
      return;
    }
  }
}

function alike(letters, shard, words, found) {
  if (letters.length < 5) return;
  const keep = Math.max(letters.length - 2, 4);
  const [start, end] = words.starting(letters.slice(0, keep).join(''));
  for (let place = start; place < end; place++) {
    if (lettersOf(words.keys[place]).length <= letters.length + 4) {
      found.add(shard, place, words, QUALITY.alike, 'alike');
    }
  }
}
