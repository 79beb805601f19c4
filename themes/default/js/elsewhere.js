/**
 * What the portal's other languages have for a query. Nothing of them is loaded before `ask`, which
 * is for queries that the page's own language has no good answer to.
 *
 * @typedef {object} Elsewhere
 * @property {string} lang
 * @property {string} direction
 * @property {string} label    "3 results in English", in that language; its name if nobody asked
 * @property {string} url      its search page with this query
 * @property {boolean} better  whether it has more of the query's words than the page's language
 * @property {any[]} results
 */
(() => {
  'use strict';
  const { opas } = window;
  /** @type {Record<string, {name: string, direction: string, elsewhere: any}>} */
  const others = opas.texts.languages ?? {};

  function way(/** @type {string} */ lang, /** @type {string} */ query) {
    const home = lang === opas.search.languages[0] ? '' : `${lang}/`;
    const { name, direction } = others[lang];
    return { lang, direction, label: name, url: opas.page(`${opas.root}${home}search/?q=${encodeURIComponent(query)}`), better: false, results: [] };
  }

  /** The portal's order; the page's own is not among them. Needs the engine. */
  const languages = () => opas.search.languages.filter((/** @type {string} */ lang) => others[lang]);

  opas.elsewhere = {
    /** Whether the query, or a word of it, may be meant in another language, as far as the index loaded. */
    likely: (/** @type {any} */ own) => languages().length > 0 && !own.problems.length && (!own.total || own.unknown.length > 0),

    /** @returns {Elsewhere[]} */
    ways: (/** @type {string} */ query) => languages().map((/** @type {string} */ lang) => way(lang, query)),

    /**
     * The languages that have hits, and have a word that `own` lacks or all if it lacks none. One that
     * does not load has no hits.
     *
     * @param {string} query @param {any} own what the page's language found @param {any} options
     * @returns {Promise<Elsewhere[]>}
     */
    async ask(query, own, options) {
      const asked = languages().map(async (/** @type {string} */ lang) => {
        // A typo of the page's language is no word of another.
        const found = await opas.search(query, { ...options, lang, verbatim: true }).catch(() => null);
        const lacking = own.unknown.length > 0;
        const helps = found && (lacking ? own.unknown.some((word) => found.known.includes(word)) : !found.unknown.length);
        if (!helps || !found.total) return [];
        const { name, elsewhere } = others[lang];
        const label = opas.plural(elsewhere, found.total, { language: name }, lang);
        return [{ ...way(lang, query), label, better: found.unknown.length < own.unknown.length, results: found.results }];
      });
      return (await Promise.all(asked)).flat();
    },

    link: (/** @type {Elsewhere} */ to, attributes = {}, ...children) =>
      opas.element('a', { href: to.url, lang: to.lang, hreflang: to.lang, dir: to.direction, ...attributes }, ...children, to.label),

    /** Said to those who do not see what came. @param {HTMLElement} status @param {Elsewhere[]} all */
    announce(status, all) {
      for (const { lang, label } of all) status.append(opas.element('span', { class: 'visually-hidden', lang }, ` ${label}. `));
    },
  };
})();
