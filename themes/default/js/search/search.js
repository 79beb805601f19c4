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
 * @property {string} [near]          the path of a page or a category: what is in the same category
 *                                    comes a little earlier
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
 * @property {string[]} known         typed words that the manual has, in whatever form; no stop words
 * @property {string[]} unknown       those that it does not have; what was found for them, if
 *                                    anything, only looks like them
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
  const means = meanings(library, query.words);
  return Promise.all(
    query.words.map((word, i) => {
      const prefix = query.prefix && options.prefix !== false && i === last;
      return lookup(library, word, means[i], prefix, !options.verbatim);
    }),
  );
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

/** The typed words that the manual has, but for stop words, and those that it does not have. */
function standingOf(found) {
  const guess = ({ how }) => how === 'alike' || how === 'typo';
  const [known, unknown] = [[], []];
  for (const { word, candidates } of found) {
    if (candidates.every(guess)) unknown.push(word);
    else if (!candidates[0].words.stop[candidates[0].place]) known.push(word);
  }
  return { known, unknown };
}

async function search(typed, options = {}) {
  const text = String(typed ?? '');
  const { result, whole } = await withLibrary(options.lang, async (library) => {
    const query = parse(text, library.entry.lang);
    // Where all articles have their records in one shard, any hit will ask for it.
    if (library.entry.chunk >= library.entry.count) library.record(0);
    const [found, keep, excluded] = await Promise.all([
      lookupAll(library, query, options),
      filterOf(library, options),
      sharing(library, query.excluded),
    ]);
    const { variant, near } = options;
    const ranked = rank(library, found, variant, near).filter(({ doc }) => keep(doc) && !excluded.has(doc));
    const hits = await withPhrases(library, ranked, query.phrases);
    const markers = markersOf(found);
    const limit = Math.max(0, options.limit ?? 10);
    const results = await Promise.all(
      hits.slice(0, limit).map((hit) => resultOf(library, hit, markers, variant)),
    );
    const correction = correctionOf(text, found);
    return {
      total: hits.length, results, words: markers, ...(correction && { correction }),
      ...standingOf(found),
      facets: () => countsOf(library, hits),
    };
  });
  return { ...result, problems: whole ? [] : ['shard'] };
}

search.words = async (typed, options = {}) => {
  const find = async (library) => {
    const query = parse(String(typed ?? ''), library.entry.lang);
    return markersOf(await lookupAll(library, query, options));
  };
  return (await withLibrary(options.lang, find)).result;
};

search.marks = (text, markers) => marksOf(text, matcher(markers)).map(([from, to]) => [from, to]);

search.help = async (typed, options = {}) => {
  const { result } = await withLibrary(options.lang, async (library) => {
    const query = parse(String(typed ?? ''), library.entry.lang);
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
