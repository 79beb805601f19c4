/**
 * The portal's search in the browser: finds articles in the static shards beside this script.
 *
 * A classic script. Any page that includes it has `window.opas.search`; nothing is loaded before
 * the first call. All texts that it gives are plain text: set them as `textContent`.
 *
 *     const found = await opas.search('laskutus', { limit: 10 });
 *     found.total                      // 32
 *     found.results[0].url             // "https://…/invoicing/mass-invoicing/#s.3"
 *     await found.results[0].excerpt() // { text, marks: [[4, 12]], heading: "…" }
 *
 * @typedef {object} Options
 * @property {number} [limit=10]      results wanted; ask again with more for "show more"
 * @property {string} [lang]          default: the page's language, else the portal's default language
 * @property {string} [category]      the path of a category; its subcategories belong to it
 * @property {string} [kind]          an id of a kind
 * @property {string|string[]} [tags] articles that bear all of them
 * @property {string} [module]
 * @property {string} [variant]       the reader's version of the product: sections and excerpts of
 *                                    parts for another one come only where there is nothing else
 * @property {boolean} [verbatim]     true: do not correct what looks like a typo
 * @property {boolean} [prefix]       false: the last word is whole, even without a space after it;
 *                                    for a submitted query (default: true)
 *
 * A query may hold "quoted phrases" and -excluded words (-"excluded phrases" too).
 *
 * @typedef {object} Found
 * @property {number} total           articles found, filters applied
 * @property {Result[]} results       the best first, one per article
 * @property {Correction} [correction] set where a mistyped word was replaced
 * @property {() => Promise<Facets>} facets  counts over all articles found; loads on demand
 * @property {Marker[]} words         the word forms that were found, for marking them in a text
 * @property {string[]} problems      empty, or ids of what went wrong: "shard" = a part of the index
 *                                    did not load, the other words were answered; offer a retry
 *
 * @typedef {object} Correction
 * @property {string} original        what was typed
 * @property {string} query           what was searched; {verbatim: true} leads back
 *
 * @typedef {object} Result
 * @property {string} url             absolute, with the best section's #anchor where it is not the top
 * @property {string} title
 * @property {string} summary         short; may be empty
 * @property {string} category        the filter's value: a path, may be empty
 * @property {string} kind            the filter's value
 * @property {string} categoryTitle
 * @property {string} kindTitle
 * @property {() => Promise<Excerpt>} excerpt  from the densest place; rejects if it can't be loaded
 *
 * @typedef {object} Excerpt
 * @property {string} text
 * @property {[number, number][]} marks  found words, in UTF-16 units of `text`, in order
 * @property {string} heading         of the section that `url` leads to, "" for the article's top
 * @property {[number, number][]} headingMarks
 *
 * @typedef {object} Facets           values with counts, those without an article left out
 * @property {Value[]} category       in the portal's order
 * @property {Value[]} kind
 * @property {Value[]} tags           most frequent first
 * @property {Value[]} module
 * @typedef {{id: string, title: string, count: number}} Value
 *
 * @typedef {string} Marker             opaque; hand it to `opas.search.marks`
 *
 * Also:
 *   opas.search.words(query, {lang}) -> Promise<Marker[]>
 *       the forms by which `query` is found, for the article that a reader lands on
 *   opas.search.marks(text, markers) -> [from, to][]
 *       where they stand in a text (of a text node, say), in UTF-16 units
 *   opas.search.help(query, {lang}) -> Promise<{nearest: string[], popular: {url, title}[]}>
 *       after no hit: words of the manual like the typed ones, and articles that many read first
 *   opas.search.warm({lang}) -> Promise<void>
 *       loads the entry ahead of the first key, e.g. when the search field gets the focus
 *
 * No promise of `search`, `words`, `help` and `warm` rejects for a bad query; they reject with an
 * Error only if the entry itself can't be loaded (then offer a retry: call again).
 */
(() => {
  'use strict';

  const base = new URL('.', document.currentScript.src).href;
  const root = new URL('..', base).href;
  const opas = (window.opas ??= {});

  // ---- Words: as src/search/words.rs -------------------------------------------------------

  const MAX_CHARS = 40;
  const RUN =
    /§|[\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF]+/gu;
  const WORD_CHAR = /[\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF]/u;
  const SIGN = /^(?:#|\+\+)(?![\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF])/u;
  const ENDING =
    /^:(\p{Lowercase}{1,5})(?![\p{Alphabetic}\p{N}\p{M}\u00AD\u200B-\u200D\u2060\uFEFF])/u;
  const UNSPACED =
    /[\u0E00-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/u;

  /** Calls `found(form, from, to)` with each word of a text. */
  function eachWord(text, found) {
    RUN.lastIndex = 0;
    let match;
    while ((match = RUN.exec(text))) {
      const from = match.index;
      let to = from + match[0].length;
      let next = to;
      let run = match[0];
      if (/^[a-z]{1,2}$/i.test(run)) {
        const sign = SIGN.exec(text.slice(to, to + 4));
        if (sign) {
          run += sign[0];
          next = to = to + sign[0].length;
        }
      }
      if (text[to] === ':' && /^[\p{Uppercase}\p{N}]+$/u.test(run)) {
        const ending = ENDING.exec(text.slice(to, to + 12));
        if (ending) next = to + ending[0].length;
      }
      const form = normalize(run);
      if (UNSPACED.test(form)) eachPiece(form, (piece) => found(piece, from, to));
      else if (form) found(form, from, to);
      RUN.lastIndex = next;
    }
  }

  function wordsOf(text) {
    const list = [];
    eachWord(text, (form) => list.push(form));
    return list;
  }

  function normalize(run) {
    const form = run
      .replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, '')
      .normalize('NFKC')
      .toLowerCase()
      .normalize('NFC');
    return form.length <= MAX_CHARS ? form : [...form].slice(0, MAX_CHARS).join('');
  }

  function eachPiece(form, found) {
    const chars = [...form];
    for (let from = 0; from < chars.length; ) {
      const unspaced = UNSPACED.test(chars[from]);
      let to = from + 1;
      while (to < chars.length && UNSPACED.test(chars[to]) === unspaced) to++;
      if (unspaced && to - from > 1) {
        for (let i = from; i < to - 1; i++) found(chars[i] + chars[i + 1]);
      } else {
        found(chars.slice(from, to).join(''));
      }
      from = to;
    }
  }

  const LETTERS = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

  function fold(form) {
    if (/^[\0-\x7f]*$/.test(form)) return form;
    return form
      .normalize('NFD')
      .replace(/[\u0300-\u036F]/g, '')
      .replace(/[øæœßłđðþı]/g, (c) => LETTERS[c])
      .normalize('NFC');
  }

  const isCode = (form) => /[\p{N}]|[^\p{Alphabetic}]/u.test(form);

  // ---- Loading -----------------------------------------------------------------------------

  const arrived = new Map();
  opas.shard = (name, value) => arrived.get(name)?.(value);

  /** A shard's value. Rejects if the file is missing or cut off, after a second try. */
  async function load(name) {
    try {
      return await include(name, '');
    } catch {
      return include(name, `?${Date.now()}`);
    }
  }

  function include(name, suffix) {
    return new Promise((done, fail) => {
      const tag = document.createElement('script');
      const end = (error) => {
        tag.remove();
        if (error) fail(error);
      };
      arrived.set(name, (value) => {
        arrived.delete(name);
        done(value);
      });
      tag.src = `${base}${name}.js${suffix}`;
      tag.onload = () => end(arrived.has(name) && new Error(`${tag.src} is cut off`));
      tag.onerror = () => end(new Error(`${tag.src} did not load`));
      document.head.append(tag);
    });
  }

  // ---- The wire format: as src/search/wire.rs ------------------------------------------------

  class Numbers {
    constructor(text) {
      this.text = text;
      this.at = 0;
    }

    digit() {
      const code = this.text.charCodeAt(this.at++);
      return code >= 35 ? code - (code > 92 ? 36 : 35) : 0;
    }

    number() {
      const lead = this.digit();
      if (lead < 80) return lead;
      if (lead < 90) return 80 + (lead - 80) * 91 + this.digit();
      const high = this.digit() * 91 + this.digit();
      return high * 91 + this.digit();
    }
  }

  function frontCoded(text) {
    const list = [];
    let last = '';
    for (const [part] of text.matchAll(/[A-Z][^A-Z]*/g)) {
      last = last.slice(0, part.charCodeAt(0) - 65) + part.slice(1);
      list.push(last);
    }
    return list;
  }

  const BEFORE = 0x9747b28c;
  const AFTER = 0x811c9dc5;

  function neighbourKey(form, side) {
    let hash = side;
    for (let i = 0; i < form.length; i++) {
      hash = Math.imul(hash ^ form.charCodeAt(i), 0x01000193);
    }
    return ((hash ^ (hash >>> 16)) >>> 0) % 8281;
  }

  /** A word shard, decoded. Sections are bits: 0 to 30 in `low`, 31 to 61 in `high`. */
  class Words {
    constructor(shard) {
      this.forms = frontCoded(shard[0]);
      this.keys = this.forms.map(fold);
      const [backs, steps, counts, gaps, weights, shares, places] = shard
        .slice(1, 8)
        .map((text) => new Numbers(text));
      this.first = [];
      this.members = [];
      this.step = [];
      this.stop = [];
      this.starts = [];
      this.docs = [];
      this.weights = [];
      this.shares = [];
      this.low = [];
      this.high = [];
      this.lowHead = [];
      this.highHead = [];
      for (let place = 0; place < this.forms.length; place++) {
        const back = backs.number();
        const first = back === 0 || back > place ? place : this.first[place - back];
        this.first.push(first);
        (this.members[first] ??= []).push(place);
        const step = steps.digit();
        this.step.push(step % 40);
        this.stop.push(step >= 40);
        this.starts.push(this.docs.length);
        for (let count = counts.number(), doc = 0; count > 0; count--, doc++) {
          doc += gaps.number();
          const weight = weights.digit();
          this.docs.push(doc);
          this.weights.push(weight % 32);
          this.shares.push(weight >= 32 ? shares.digit() : 0);
          this.#readPlaces(places);
        }
      }
      this.starts.push(this.docs.length);
      this.#readNeighbours(new Numbers(shard[8]));
      this.#readCompletions(shard[9]);
    }

    #readPlaces(places) {
      let low = 0, high = 0, lowHead = 0, highHead = 0;
      for (let section = -1, more = 1; more; ) {
        const code = places.number();
        section += code >> 2;
        more = code & 1;
        const head = (code >> 1) & 1;
        if (code < 4 || section > 61) continue;
        if (section < 31) {
          low |= 1 << section;
          lowHead |= head << section;
        } else {
          high |= 1 << (section - 31);
          highHead |= head << (section - 31);
        }
      }
      this.low.push(low);
      this.high.push(high);
      this.lowHead.push(lowHead);
      this.highHead.push(highHead);
    }

    #readNeighbours(numbers) {
      this.neighbours = this.forms.map((_, place) => {
        const count = numbers.number();
        if (!count) return undefined;
        const byKey = new Map();
        const { docs } = this;
        const end = this.starts[place + 1];
        for (let i = 0; i < count; i++) {
          const key = numbers.digit() * 91 + numbers.digit();
          const list = [];
          for (let at = this.starts[place], more = 1; more; at++) {
            const code = numbers.number();
            at += code >> 1;
            if (at < end) list.push(docs[at]);
            more = code & 1;
          }
          byKey.set(key, list);
        }
        return byKey;
      });
    }

    #readCompletions(text) {
      this.completions = new Map();
      for (const line of text.split('\n')) {
        const space = line.indexOf(' ');
        if (space < 0) continue;
        const numbers = new Numbers(line.slice(space + 1));
        const list = [];
        while (numbers.at < numbers.text.length) list.push(numbers.number());
        this.completions.set(line.slice(0, space), list);
      }
    }

    beside(place, key) {
      return this.neighbours[place]?.get(key) ?? [];
    }

    /** The range of the keys that start with `from`. */
    starting(from) {
      const start = lowerBound(this.keys, from);
      let end = start;
      while (end < this.keys.length && this.keys[end].startsWith(from)) end++;
      return [start, end];
    }
  }

  function lowerBound(list, key) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The shards between whose bounds keys that start with `key` may stand, at most `most`. */
  function within(bounds, key, most) {
    let after = lowerBound(bounds, key);
    if (bounds[after] === key) after++;
    const start = Math.max(0, after - 1);
    while (after < bounds.length && bounds[after].startsWith(key)) after++;
    const list = [];
    for (let i = start; i < Math.min(after, start + most); i++) list.push(i);
    return list;
  }

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

  /** One language's shards: the entry and what was asked of the rest. */
  class Library {
    constructor(entry) {
      this.entry = entry;
      this.bounds = frontCoded(entry.bounds);
      this.backwards = frontCoded(entry.backwards);
      this.variants = new Map((entry.variants ?? []).map(([name, coded]) => [name, sectionsOf(coded)]));
      const standing = new Numbers(entry.standing);
      this.standing = Uint8Array.from({ length: entry.count }, () => standing.digit());
      this.known = new Map();
      this.failed = 0;
      this.pool = [];
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

    words(shard) {
      const hash = this.entry.words.slice(7 * shard, 7 * shard + 7);
      return this.read(`w/${hash}`, (value) => new Words(value), Array(10).fill(''));
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

  // ---- The query: as src/search/client/query.rs ----------------------------------------------

  const MAX_WORDS = 24;
  const QUOTE = /["“”„«»]/;

  /** Whether what stands before a minus is a name that a Finnish compound goes on: Power BI -raportit. */
  function goesOnAName(before) {
    const words = before.trim().split(/\s+/);
    return words.length > 1 && /^\p{Uppercase}/u.test(words.at(-1));
  }

  function parse(typed) {
    const all = [...typed.slice(0, 4000)].slice(0, 2000).join('');
    let rest = all;
    const query = { words: [], prefix: false, phrases: [], excluded: [] };
    let before = ' ';
    while (rest) {
      if (/\s/.test(rest[0])) {
        before = rest[0];
        rest = rest.slice(1);
        continue;
      }
      const second = String.fromCodePoint(rest.codePointAt(1) ?? 32);
      const minus = /\s/.test(before) && rest[0] === '-' &&
        !goesOnAName(all.slice(0, all.length - rest.length)) && (QUOTE.test(second) || WORD_CHAR.test(second));
      const opening = minus ? rest.slice(1) : rest;
      let text, next, quoted = false;
      const close = QUOTE.test(opening[0]) ? opening.slice(1).search(QUOTE) : -1;
      if (close >= 0) {
        quoted = true;
        text = opening.slice(1, 1 + close);
        next = opening.slice(close + 2);
      } else {
        const first = String.fromCodePoint(opening.codePointAt(0)).length;
        const end = opening.slice(first).search(/[\s"“”„«»]/);
        text = end < 0 ? opening : opening.slice(0, first + end);
        next = opening.slice(text.length);
      }
      const list = wordsOf(text);
      if (minus && list.length) {
        query.excluded.push(list);
      } else {
        query.prefix =
          !quoted && !next && list.length > 0 && WORD_CHAR.test([...text.slice(-2)].pop() ?? '');
        for (const word of list) {
          if (!query.words.includes(word) && query.words.length < MAX_WORDS) query.words.push(word);
        }
        if (quoted && list.length > 1) query.phrases.push(list);
      }
      before = rest[rest.length - next.length - 1] ?? ' ';
      rest = next;
    }
    return query;
  }

  // ---- Candidates: as src/search/client/lookup.rs --------------------------------------------

  const QUALITY = {
    exact: 64, folded: 60, refolded: 48, beginning: 50, unfinished: 44, alike: 36, synonym: 46,
    typo: 52, formOf: 50, unlike: 10,
  };
  const MOST = 128;

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
    const [x, y] = [[...a], [...b]];
    let shared = 0;
    while (shared < x.length && shared < y.length && x[shared] === y[shared]) shared++;
    return x.length + y.length - 2 * shared;
  }

  /** Where the words stand that start with a key; not all shards, if they are many. */
  async function beginningShards(library, key) {
    const [first] = within(library.bounds, key, 1);
    const ahead = (await library.words(first)).completions.get(key);
    const list = ahead ? ahead.map((n) => first + n) : within(library.bounds, key, 2);
    return Promise.all(list.map(async (shard) => [shard, await library.words(shard)]));
  }

  async function lookup(library, word, prefix, correct) {
    const key = fold(word);
    const found = new Candidates();
    const [first] = within(library.bounds, key, 1);
    const own = await library.words(first);
    const home = prefix ? await beginningShards(library, key) : [[first, own]];
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
          const more = [...words.keys[place]].length - letters.length;
          found.add(shard, place, words, QUALITY.beginning - Math.min(more, 12), 'beginning');
        }
      }
    }
    const known = found.best() >= QUALITY.refolded;
    found.addGroups();
    for (const [from, to] of library.entry.synonyms) {
      if (from !== key) continue;
      for (const form of to.split(' ')) {
        await found.addWord(library, form, QUALITY.synonym, 'synonym');
      }
    }
    let corrected;
    if (!known && !prefix && letters.length >= 4) await unfinished(library, key, found);
    if (!known && !isCode(word) && letters.length >= 4) {
      if (correct && !found.list.size) {
        const near = await nearest(library, key);
        corrected = near[0]?.form;
        for (const { form, cost } of near) {
          await found.addWord(library, form, QUALITY.typo - cost, 'typo');
        }
      }
      if (!found.list.size || !prefix) alike(letters, first, own, found);
    }
    return { word, key, prefix, candidates: found.sorted(), corrected };
  }

  /** Forms that a word which the manual doesn't have is the beginning of, compounds mostly. */
  async function unfinished(library, key, found) {
    for (const [shard, words] of await beginningShards(library, key)) {
      const [start, end] = words.starting(key);
      for (let place = start; place < end; place++) {
        const more = [...words.keys[place]].length - [...key].length;
        found.add(shard, place, words, QUALITY.unfinished - Math.min(more, 12), 'beginning');
      }
    }
  }

  function alike(letters, shard, words, found) {
    if (letters.length < 5) return;
    const keep = Math.max(letters.length - 2, 5);
    const [start, end] = words.starting(letters.slice(0, keep).join(''));
    for (let place = start; place < end; place++) {
      if ([...words.keys[place]].length <= letters.length + 3) {
        found.add(shard, place, words, QUALITY.alike, 'alike');
      }
    }
  }

  async function nearest(library, key) {
    const letters = [...key];
    const limit = letters.length < 8 ? 14 : 24;
    const half = Math.ceil(letters.length / 2);
    const best = new Map();
    const start = letters.slice(0, Math.max(half, 3)).join('');
    const homes = new Set([...within(library.bounds, start, 3), ...within(library.bounds, key, 1)]);
    for (const words of await Promise.all([...homes].map((shard) => library.words(shard)))) {
      words.forms.forEach((form, place) => {
        const cost = typo(letters, words.keys[place], limit);
        const often = words.starts[place + 1] - words.starts[place];
        if (cost <= limit) best.set(form, { form, cost, often });
      });
    }
    const backwards = letters.slice().reverse().join('');
    const end = letters.slice(half + 1).reverse().join('');
    const ends = new Set([
      ...within(library.backwards, end, 4),
      ...within(library.backwards, backwards, 1),
    ]);
    for (const forms of await Promise.all([...ends].map((shard) => library.spelling(shard)))) {
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

  const COST = { swap: 8, beside: 9, other: 12, extra: 10, missed: 10, doubled: 7, first: 2 };

  /** What it costs to have typed `typed` for `key`; more than `limit` is Infinity. */
  function typo(typed, key, limit) {
    const target = [...key];
    if (Math.abs(typed.length - target.length) > 2) return Infinity;
    const width = target.length + 1;
    let before = [];
    let last = Array.from({ length: width }, (_, j) => COST.missed * j);
    for (let i = 1; i <= typed.length; i++) {
      const next = [COST.extra * i];
      let least = next[0];
      for (let j = 1; j < width; j++) {
        const t = typed[i - 1], k = target[j - 1];
        let value = last[j - 1];
        if (t !== k) {
          value += beside(t, k) ? COST.beside : COST.other;
          if (i === 1 && j === 1) value += COST.first;
        }
        const doubled = i > 1 && typed[i - 2] === t;
        value = Math.min(value, last[j] + (doubled ? COST.doubled : COST.extra));
        const halved = j > 1 && target[j - 2] === k;
        value = Math.min(value, next[j - 1] + (halved ? COST.doubled : COST.missed));
        if (i > 1 && j > 1 && t === target[j - 2] && typed[i - 2] === k && t !== k) {
          value = Math.min(value, before[j - 2] + COST.swap);
        }
        next.push(value);
        if (value < least) least = value;
      }
      if (least > limit) return Infinity;
      [before, last] = [last, next];
    }
    return last[width - 1] <= limit ? last[width - 1] : Infinity;
  }

  const KEYS = ['qwertyuiopa', 'asdfghjkl', 'zxcvbnm', 'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю'];

  function beside(a, b) {
    return KEYS.some((row) => {
      const i = row.indexOf(a), j = row.indexOf(b);
      return i >= 0 && j >= 0 && Math.abs(i - j) === 1;
    });
  }

  // ---- Ranking: as src/search/client/rank.rs -------------------------------------------------

  const WORTH = {
    presence: 28, titled: 64, same: 16, together: 57, beside: 64, standing: 1,
  };
  /** Articles that match less than this part, in 64ths, of what the best one matches are not found. */
  const LEAST = 24;

  function stepOf({ candidates: [best] }) {
    if (!best) return 8;
    const step = best.words.step[best.place];
    return best.words.stop[best.place] ? 1 + Math.floor(step / 8) : 2 + step;
  }

  function evidence(library) {
    const array = () => new Int32Array(library.entry.count);
    return library.pool.pop() ?? {
      score: array(), quality: array(), share: array(), titled: array(),
      low: array(), high: array(), lowHead: array(), highHead: array(),
    };
  }

  /**
   * All articles that match enough, the best first: { doc, score, section }. Sections for another
   * version of the product than the reader's lead only where no other section holds a word.
   */
  function rank(library, found, variant) {
    const foreign = [...library.variants].filter(([name]) => variant && name !== variant).map(([, of]) => of);
    const { floor } = Math;
    const touched = [];
    const seen = new Uint8Array(library.entry.count);
    const steps = found.map(stepOf);
    const columns = found.map(({ candidates }) => {
      const all = evidence(library);
      for (const { words, place, quality } of candidates) {
        for (let i = words.starts[place]; i < words.starts[place + 1]; i++) {
          const doc = words.docs[i];
          if (doc >= seen.length) continue;
          if (!seen[doc]) {
            seen[doc] = 1;
            touched.push(doc);
          }
          const score = quality * (WORTH.presence + words.weights[i]);
          if (score > all.score[doc]) all.score[doc] = score;
          if (quality > all.quality[doc]) all.quality[doc] = quality;
          if (words.shares[i]) {
            const share = floor((quality * words.shares[i]) / 64);
            if (share > all.share[doc]) all.share[doc] = share;
            if (quality > all.titled[doc]) all.titled[doc] = quality;
          }
          all.low[doc] |= words.low[i];
          all.high[doc] |= words.high[i];
          all.lowHead[doc] |= words.lowHead[i];
          all.highHead[doc] |= words.highHead[i];
        }
      }
      return all;
    });
    const total = Math.max(1, steps.reduce((sum, step) => sum + step, 0));
    const pairs = pairsOf(library, found);

    let most = 0;
    const hits = touched.map((doc) => {
      let sum = 0, matched = 0, titled = 0, cover = 0, low = 0, high = 0;
      columns.forEach((all, word) => {
        sum += all.score[doc] * steps[word];
        matched += all.quality[doc] * steps[word];
        titled += all.titled[doc] * steps[word];
        cover += all.share[doc];
        low |= all.low[doc];
        high |= all.high[doc];
      });
      matched = floor(matched / total);
      titled = floor(titled / total);
      cover = Math.min(64, cover);
      let together = 0, best = 0, section = 0;
      const others = foreign.map((of) => of.get(doc)).filter(Boolean);
      for (let at = 0; at < 62; at++) {
        const bit = 1 << (at % 31);
        if (!((at < 31 ? low : high) & bit)) continue;
        let within = 0, heading = 0;
        columns.forEach((all, word) => {
          const worth = all.quality[doc] * steps[word];
          if ((at < 31 ? all.low : all.high)[doc] & bit) within += worth;
          if ((at < 31 ? all.lowHead : all.highHead)[doc] & bit) heading += worth;
        });
        within = floor(within / total);
        if (within > together) together = within;
        let value = 2 * within + floor(heading / total);
        // More than any section is worth.
        if (others.length && value && !others.some((sections) => sections.has(at))) value += 1000;
        if (value > best) [best, section] = [value, at];
      }
      let beside = 0;
      for (const { docs, rarity } of pairs) beside += (docs.get(doc) ?? 0) * rarity;
      beside = floor(beside / (16 * Math.max(1, pairs.length)));

      const same = floor((titled * cover) / 64);
      const title = floor((WORTH.titled * titled * titled) / 64) + floor((WORTH.same * same * same) / 64);
      let score = floor((sum * matched * matched) / 128);
      score = floor((score * (4096 + title)) / 4096);
      score = floor((score * (4096 + WORTH.together * together)) / 4096);
      score = floor((score * (4096 + WORTH.beside * beside)) / 4096);
      score = floor((score * (512 + WORTH.standing * library.standing[doc])) / 512);
      if (matched > most) most = matched;
      return { doc, score, section, matched };
    });
    for (const all of columns) {
      for (const array of Object.values(all)) for (const doc of touched) array[doc] = 0;
      library.pool.push(all);
    }
    return hits
      .filter(({ matched }) => matched * 64 >= most * LEAST)
      .sort((a, b) => b.score - a.score || a.doc - b.doc);
  }

  /** How rare something is: steps of half a doubling, from 1 to 39. */
  function rarity(articles, withIt) {
    const ratio = Math.floor((articles + 1) ** 2 / Math.max(withIt, 1) ** 2);
    return Math.min(39, 1 + (31 - Math.clz32(Math.max(1, ratio))));
  }

  /** Forms of a word that are tried as neighbours. */
  const FORMS = 8;

  /** Neighbours in the query, with the articles in which they are neighbours too, and how well. */
  function pairsOf(library, found) {
    const forms = ({ candidates }, side) =>
      candidates.slice(0, FORMS).map(({ words, place, quality }) => ({
        words, place, quality, key: neighbourKey(words.forms[place], side),
      }));
    const content = found.filter(({ candidates: [best] }) => !(best && best.words.stop[best.place]));
    return content.slice(1).map((right, i) => {
      const docs = new Map();
      const rights = forms(right, AFTER);
      for (const l of forms(content[i], BEFORE)) {
        for (const r of rights) {
          const quality = Math.floor((l.quality * r.quality) / 64);
          const note = (doc) => docs.set(doc, Math.max(quality, docs.get(doc) ?? 0));
          l.words.beside(l.place, r.key).forEach(note);
          r.words.beside(r.place, l.key).forEach(note);
        }
      }
      return { docs, rarity: rarity(library.entry.count, docs.size) };
    });
  }

  // ---- Marks and excerpts --------------------------------------------------------------------

  /** Markers: a form, or with an asterisk the beginning of one. */
  function markersOf(found) {
    const list = new Set();
    for (const { word, key, prefix, candidates } of found) {
      list.add(prefix && candidates.length ? `${key}*` : word);
      for (const { words, place, how } of candidates) {
        if (how !== 'beginning') list.add(words.forms[place]);
      }
    }
    return [...list];
  }

  const MIN_PART = 4;

  /** A function from a form to the range of it that is marked, or undefined. */
  function matcher(markers) {
    const forms = new Set(markers.filter((m) => !m.endsWith('*')));
    const starts = markers.filter((m) => m.endsWith('*')).map((m) => m.slice(0, -1));
    const parts = [...forms].filter((form) => [...form].length >= MIN_PART);
    const known = new Map();
    const match = (form) => {
      if (forms.has(form)) return [0, form.length];
      const key = fold(form);
      if (starts.some((start) => key.startsWith(start))) return [0, form.length];
      for (const part of parts) {
        if (form.length - part.length < MIN_PART) continue;
        if (form.startsWith(part)) return [0, part.length];
        if (form.endsWith(part)) return [form.length - part.length, form.length];
      }
      return undefined;
    };
    return (form) => {
      if (!known.has(form)) known.set(form, match(form));
      return known.get(form);
    };
  }

  /** Marks of a text as [from, to, form], joined where they touch. */
  function marksOf(text, match) {
    const marks = [];
    eachWord(text, (form, from, to) => {
      const range = match(form);
      if (!range) return;
      const same = to - from === form.length;
      const mark = same ? [from + range[0], from + range[1], form] : [from, to, form];
      const last = marks.at(-1);
      if (last && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1]);
      else marks.push(mark);
    });
    return marks;
  }

  const EXCERPT_CHARS = 220;

  /** The part of a text in which the most different words stand, cut at words. */
  function densest(text, marks) {
    let best = 0, from = 0;
    for (let i = 0; i < marks.length; i++) {
      const forms = new Set();
      let value = 0;
      for (let j = i; j < marks.length && marks[j][1] - marks[i][0] <= EXCERPT_CHARS - 40; j++) {
        value += forms.has(marks[j][2]) ? 1 : 8;
        forms.add(marks[j][2]);
      }
      if (value > best) [best, from] = [value, marks[i][0]];
    }
    let start = Math.max(0, from - 60);
    if (text.length <= EXCERPT_CHARS) start = 0;
    if (start > 0) start = Math.max(text.lastIndexOf(' ', from - 1), text.indexOf(' ', start), 0);
    if (start > from) start = from;
    while (/\s/.test(text[start] ?? '')) start++;
    let end = Math.min(text.length, start + EXCERPT_CHARS);
    if (end < text.length) {
      const space = text.lastIndexOf(' ', end);
      if (space > start + EXCERPT_CHARS / 2) end = space;
    }
    return [start, end];
  }

  /** A section's texts without the parts for other versions of the product than the reader's. */
  function ownParts([heading, text, parts = []], variant) {
    for (const [from, to, name] of [...parts].reverse()) {
      if (name !== variant) text = text.slice(0, from) + text.slice(to);
    }
    return [heading, text.trim()];
  }

  async function excerpt(library, records, at, section, markers, variant) {
    const all = await library.text(records, at);
    const own = variant && excerptOf(all.map((texts) => ownParts(texts, variant)), section, markers);
    return own?.marks.length ? own : excerptOf(all, section, markers);
  }

  function excerptOf(sections, section, markers) {
    const match = matcher(markers);
    const [heading = '', own = ''] = sections[section] ?? [];
    let text = own.replace(/\s/g, ' ');
    let marks = marksOf(text, match);
    if (!marks.length) {
      for (const [, other] of sections) {
        const found = marksOf(other.replace(/\s/g, ' '), match);
        if (found.length > marks.length) [text, marks] = [other.replace(/\s/g, ' '), found];
        if (text && marks.length && section) break;
      }
    }
    if (!text) text = (sections.find(([, other]) => other) ?? ['', ''])[1].replace(/\s/g, ' ');
    const [start, end] = densest(text, marks);
    const lead = start > 0 ? '… ' : '';
    const tail = end < text.length ? ' …' : '';
    const shift = lead.length - start;
    const inside = ([from, to]) => from >= start && to <= end;
    return {
      text: lead + text.slice(start, end) + tail,
      marks: marks.filter(inside).map(([from, to]) => [from + shift, to + shift]),
      heading,
      headingMarks: marksOf(heading, match).map(([from, to]) => [from, to]),
    };
  }

  // ---- The interface -------------------------------------------------------------------------

  const libraries = new Map();

  function languageOf(wanted) {
    const all = opas.search.languages ?? [];
    const tags = [wanted, document.documentElement.lang].filter(Boolean);
    for (const tag of tags) {
      const same = (a, b) => a.toLowerCase() === b.toLowerCase();
      const primary = (a) => a.split('-')[0];
      const code = all.find((c) => same(c, tag)) ?? all.find((c) => same(primary(c), primary(tag)));
      if (code) return code;
    }
    return all[0] ?? tags[0] ?? 'en';
  }

  function library(lang) {
    const code = languageOf(lang);
    if (!libraries.has(code)) {
      const opened = load(code).then((entry) => new Library(entry));
      opened.catch(() => libraries.delete(code));
      libraries.set(code, opened);
    }
    return libraries.get(code);
  }

  /** A newer library if a publish has changed the entry since. */
  async function renewed(lang, old) {
    const code = languageOf(lang);
    try {
      const entry = await include(code, `?${Date.now()}`);
      if (JSON.stringify(entry) === JSON.stringify(old.entry)) return old;
      const library = new Library(entry);
      libraries.set(code, Promise.resolve(library));
      return library;
    } catch {
      return old;
    }
  }

  /** Runs `work` with the language's library, once more with a newer one if shards were gone. */
  async function withLibrary(lang, work) {
    const current = await library(lang);
    const before = current.failed;
    const result = await work(current);
    if (current.failed === before) return { result, whole: true };
    const newer = await renewed(lang, current);
    if (newer === current) return { result, whole: false };
    return { result: await work(newer), whole: newer.failed === 0 };
  }

  function lookupAll(library, query, options) {
    const last = query.words.length - 1;
    return Promise.all(
      query.words.map((word, i) => {
        const prefix = query.prefix && options.prefix !== false && i === last;
        return lookup(library, word, prefix, !options.verbatim);
      }),
    );
  }

  async function filterOf(library, { category, kind, tags, module }) {
    const wanted = [].concat(tags ?? []);
    if (!category && !kind && !module && !wanted.length) return () => true;
    const facets = await library.facets();
    const { categories, kinds } = library.entry;
    const inside = (id) => id === category || id.startsWith(`${category}/`);
    return (doc) => {
      const own = facets.docs[doc];
      return (!category || inside(categories[own.category - 1]?.[0] ?? '')) &&
        (!kind || kinds[own.kind - 1]?.[0] === kind) &&
        (!module || facets.modules[own.module - 1] === module) &&
        wanted.every((tag) => own.tags.some((t) => facets.tags[t] === tag));
    };
  }

  /** Articles in which all the words of one of the lists stand in one section. */
  async function sharing(library, lists) {
    const docs = new Set();
    for (const list of lists) {
      const found = await Promise.all(list.map((word) => lookup(library, word, false, false)));
      let common;
      for (const { candidates } of found) {
        const own = new Map();
        for (const { words, place, how } of candidates) {
          if (!['exact', 'folded', 'form'].includes(how)) continue;
          for (let i = words.starts[place]; i < words.starts[place + 1]; i++) {
            const doc = words.docs[i];
            const [low, high] = own.get(doc) ?? [0, 0];
            own.set(doc, [low | words.low[i], high | words.high[i]]);
          }
        }
        if (common) {
          for (const [doc, [low, high]] of common) {
            const [l, h] = own.get(doc) ?? [0, 0];
            if ((low & l) || (high & h)) common.set(doc, [low & l, high & h]);
            else common.delete(doc);
          }
        } else {
          common = own;
        }
      }
      for (const doc of common?.keys() ?? []) docs.add(doc);
    }
    return docs;
  }

  const VERIFIED = 24;

  /** Of the hits, those in whose texts the phrases stand word by word; only the best are looked at. */
  async function withPhrases(library, hits, phrases) {
    if (!phrases.length) return hits;
    let list = hits;
    for (const phrase of phrases) {
      const docs = await sharing(library, [phrase]);
      list = list.filter(({ doc }) => docs.has(doc));
    }
    const kept = await Promise.all(
      list.slice(0, VERIFIED).map(async (hit) => {
        const [records, at] = await library.record(hit.doc);
        const sections = await library.text(records, at).catch(() => []);
        const texts = [records.titles[at], ...sections.flatMap(([heading, text]) => [heading, text])].map(wordsOf);
        const holds = (phrase) => texts.some((words) => words.some((_, i) =>
          phrase.every((word, j) => words[i + j] !== undefined && fold(words[i + j]) === fold(word))));
        return phrases.every(holds) ? hit : undefined;
      }),
    );
    return kept.filter(Boolean);
  }

  function addressOf(path, anchor) {
    const url = new URL(path, root);
    if (url.protocol === 'file:') url.pathname += 'index.html';
    if (anchor) url.hash = anchor;
    return url.href;
  }

  function anchorOf(records, at, section) {
    const given = records.anchors[at] ? records.anchors[at].split(' ')[section] ?? '.' : '';
    if (given === '.') return '';
    return given || (section > 0 ? `s.${section}` : '');
  }

  async function resultOf(library, { doc, section }, markers, variant) {
    const [records, at] = await library.record(doc);
    const { categories, kinds } = library.entry;
    const [category, categoryTitle] = categories[records.categories[at] - 1] ?? ['', ''];
    const [kind, kindTitle] = kinds[records.kinds[at] - 1] ?? ['', ''];
    return {
      url: addressOf(records.paths[at], anchorOf(records, at, section)),
      title: records.titles[at],
      summary: records.summaries[at],
      category, kind, categoryTitle, kindTitle,
      excerpt: () => excerpt(library, records, at, section, markers, variant),
    };
  }

  async function countsOf(library, hits) {
    const facets = await library.facets();
    const count = (values) => {
      const counts = new Map();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      return counts;
    };
    const own = hits.map(({ doc }) => facets.docs[doc]).filter(Boolean);
    const titled = (list, counts) => list
      .map(([id, title], i) => ({ id, title, count: counts.get(i + 1) ?? 0 }))
      .filter(({ count }) => count);
    const named = (list, counts, offset) => list
      .map((id, i) => ({ id, title: id, count: counts.get(i + offset) ?? 0 }))
      .filter(({ count }) => count)
      .sort((a, b) => b.count - a.count);
    return {
      category: titled(library.entry.categories, count(own.map((d) => d.category))),
      kind: titled(library.entry.kinds, count(own.map((d) => d.kind))),
      tags: named(facets.tags, count(own.flatMap((d) => d.tags)), 0),
      module: named(facets.modules, count(own.map((d) => d.module)), 1),
    };
  }

  function correctionOf(typed, found) {
    const corrected = new Map(found.filter((f) => f.corrected).map((f) => [f.word, f.corrected]));
    if (!corrected.size) return undefined;
    let query = '', at = 0;
    eachWord(typed, (form, from, to) => {
      if (!corrected.has(form) || from < at) return;
      query += typed.slice(at, from) + corrected.get(form);
      at = to;
    });
    return { original: typed, query: query + typed.slice(at) };
  }

  async function search(typed, options = {}) {
    const text = String(typed ?? '');
    const query = parse(text);
    const { result, whole } = await withLibrary(options.lang, async (library) => {
      const [found, keep, excluded] = await Promise.all([
        lookupAll(library, query, options),
        filterOf(library, options),
        sharing(library, query.excluded),
      ]);
      const { variant } = options;
      const ranked = rank(library, found, variant).filter(({ doc }) => keep(doc) && !excluded.has(doc));
      const hits = await withPhrases(library, ranked, query.phrases);
      const markers = markersOf(found);
      const limit = Math.max(0, options.limit ?? 10);
      const results = await Promise.all(
        hits.slice(0, limit).map((hit) => resultOf(library, hit, markers, variant)),
      );
      const correction = correctionOf(text, found);
      return {
        total: hits.length, results, words: markers, ...(correction && { correction }),
        facets: () => countsOf(library, hits),
      };
    });
    return { ...result, problems: whole ? [] : ['shard'] };
  }

  search.words = async (typed, options = {}) => {
    const query = parse(String(typed ?? ''));
    const find = async (library) => markersOf(await lookupAll(library, query, options));
    return (await withLibrary(options.lang, find)).result;
  };

  search.marks = (text, markers) => marksOf(text, matcher(markers)).map(([from, to]) => [from, to]);

  search.help = async (typed, options = {}) => {
    const query = parse(String(typed ?? ''));
    const { result } = await withLibrary(options.lang, async (library) => {
      const near = await Promise.all(
        query.words
          .filter((word) => !isCode(word) && word.length >= 3)
          .map((word) => nearest(library, fold(word))),
      );
      const popular = await Promise.all(
        library.entry.popular.map((doc) => resultOf(library, { doc, section: 0 }, [])),
      );
      return {
        nearest: [...new Set(near.flat().map(({ form }) => form))].slice(0, 8),
        popular: popular.map(({ url, title }) => ({ url, title })),
      };
    });
    return result;
  };

  search.warm = async (options = {}) => void (await library(options.lang));

  opas.search = search;
})();
