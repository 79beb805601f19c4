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
 * @typedef {{from: string}} Marker   opaque; hand it to `opas.mark`
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
})();
