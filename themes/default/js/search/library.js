/**
 * One language and what of its index was asked for.
 */

class Records {
  constructor(shard) {
    this.paths = [];
    let last = '';
    for (const line of shard[0].split('\n')) {
      last = last.slice(0, line.charCodeAt(0) - 65) + line.slice(1);
      this.paths.push(last);
    }
    this.titles = shard[1].split('\n');
    this.summaries = shard[2].split('\n');
    const [categories, kinds] = [new Numbers(shard[3]), new Numbers(shard[4])];
    this.categories = this.paths.map(() => categories.number());
    this.kinds = this.paths.map(() => kinds.number());
    this.anchors = shard[5].split('\n');
    this.texts = this.paths.map((_, i) => shard[6].slice(3 * i, 3 * i + 3));
  }
}

/** By article: the sections that are for one version of the product alone. */
function sectionsOf(coded) {
  const numbers = new Numbers(coded);
  const byDoc = new Map();
  for (let doc = -1; numbers.at < numbers.text.length; ) {
    doc += 1 + numbers.number();
    let section = -1;
    byDoc.set(doc, new Set(Array.from({ length: numbers.number() }, () => (section += 1 + numbers.number()))));
  }
  return byDoc;
}

const EMPTY = Array(10).fill('');

/** One language's shards: the entry and what was asked of the rest. */
class Library {
  constructor(entry) {
    this.entry = entry;
    this.bounds = frontCoded(entry.bounds);
    this.backwards = frontCoded(entry.backwards);
    this.files = entry.words.match(/\.|[^.]{7}/g) ?? [];
    this.variants = new Map((entry.variants ?? []).map(([name, coded]) => [name, sectionsOf(coded)]));
    const standing = new Numbers(entry.standing);
    this.standing = Uint8Array.from({ length: entry.count }, () => standing.digit());
    this.known = new Map();
    this.ahead = [];
    this.failed = 0;
    this.pool = [];
  }

  /** The first and the end of the articles in the innermost category that holds a path. */
  near(path = '') {
    const wanted = `${path.replace(/^\/|\/$/g, '')}/`;
    const numbers = new Numbers(this.entry.within ?? '');
    let [length, best] = [0, [0, 0]];
    for (const [category] of this.entry.categories) {
      const [first, count] = [numbers.number(), numbers.number()];
      if (category.length > length && wanted.startsWith(`${category}/`)) [length, best] = [category.length, [first, first + count]];
    }
    return best;
  }

  /** The decoded shard; an empty one, counted as failed, if it can't be loaded. */
  async read(name, decode, empty) {
    if (!this.known.has(name)) {
      this.known.set(name, load(name).then(decode));
    }
    try {
      return await this.known.get(name);
    } catch {
      this.known.delete(name);
      this.failed++;
      return decode(empty);
    }
  }

  async words(shard) {
    let at = 0;
    while (this.files[shard - at] === '.') at++;
    const file = await this.read(`w/${this.files[shard - at]}`, (value) => value, []);
    // Of a file only the shards that are asked for are decoded.
    if (!file[at]?.forms) file[at] = new Words(file[at] ?? EMPTY);
    return file[at];
  }

  /** The shard in which a form stands if the manual has it. */
  home(form) {
    return this.words(within(this.bounds, fold(form), 1)[0]);
  }

  /** A beginning's shard and its number, after those of the word shards. */
  async beginning(hash) {
    if (!this.ahead.includes(hash)) this.ahead.push(hash);
    const number = this.bounds.length + this.ahead.indexOf(hash);
    return [number, await this.read(`b/${hash}`, (value) => new Words(value), EMPTY)];
  }

  spelling(shard) {
    const hash = this.entry.spelling.slice(7 * shard, 7 * shard + 7);
    const reversed = (form) => [...form].reverse().join('');
    return this.read(`s/${hash}`, (value) => frontCoded(value).map(reversed), '');
  }

  async record(doc) {
    const number = Math.floor(doc / this.entry.chunk);
    const hash = this.entry.records.slice(7 * number, 7 * number + 7);
    const records = await this.read(`r/${hash}`, (value) => new Records(value), Array(7).fill(''));
    return [records, doc % this.entry.chunk];
  }

  facets() {
    return this.read(`f/${this.entry.facets}`, (value) => this.#facets(value), [
      '', '', '', '', [], [],
    ]);
  }

  #facets(value) {
    const [categories, kinds, modules, tags] = value.slice(0, 4).map((text) => new Numbers(text));
    const all = { modules: value[4], tags: value[5], docs: [] };
    for (let doc = 0; doc < this.entry.count; doc++) {
      all.docs.push({
        category: categories.number(),
        kind: kinds.number(),
        module: modules.number(),
        tags: Array.from({ length: tags.number() }, () => tags.number()),
      });
    }
    return all;
  }

  text(records, at) {
    const path = records.paths[at].replace(/^\/|\/$/g, '').replace(/[/#]/g, '.');
    const name = `t/${path}.${records.texts[at]}`;
    if (!this.known.has(name)) {
      const text = load(name);
      text.catch(() => this.known.delete(name));
      this.known.set(name, text);
    }
    return this.known.get(name);
  }
}
