/** What the overlay and the search page share: the engine on demand, hits as elements. */
(() => {
  'use strict';
  const { opas } = window;
  /** @type {Promise<void>|undefined} */
  let engine;

  /** Loads the engine once; a failed attempt is made again at the next call. */
  opas.engine = () => {
    engine ??= opas.search
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          const script = opas.element('script', { src: document.body.dataset.engine });
          script.onload = () => resolve();
          script.onerror = () => {
            engine = undefined;
            script.remove();
            reject(new Error('the search engine did not load'));
          };
          document.head.append(script);
        });
    return engine;
  };

  /** A text with its marks as nodes. @param {string} text @param {[number, number][]} marks */
  opas.marked = (text, marks) => {
    const nodes = document.createDocumentFragment();
    let end = 0;
    for (const [from, to] of marks ?? []) {
      nodes.append(text.slice(end, from), opas.element('mark', {}, text.slice(from, to)));
      end = to;
    }
    nodes.append(text.slice(end));
    return nodes;
  };

  /** The address as the browser can open it. @param {string} url */
  opas.page = (url) => opas.fileUrl?.(url) ?? url;

  /** Kind, category and the section of a hit. */
  opas.hitMeta = (/** @type {any} */ hit) => {
    const meta = opas.element('p', { class: 'option-meta' });
    if (hit.kindTitle) meta.append(opas.element('span', { class: `badge kind-${hit.kind}` }, hit.kindTitle));
    if (hit.categoryTitle) meta.append(opas.element('span', {}, hit.categoryTitle));
    return meta;
  };

  /** The summary now, the excerpt with its marks once the hit is in sight. */
  opas.hitText = (/** @type {any} */ hit, /** @type {HTMLElement} */ meta) => {
    const text = opas.element('p', { class: 'option-text' }, hit.summary);
    const watcher = new IntersectionObserver(async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      try {
        const excerpt = await hit.excerpt();
        if (excerpt.text) text.replaceChildren(opas.marked(excerpt.text, excerpt.marks));
        if (excerpt.heading) meta.append(opas.element('span', { class: 'hit-section' }, opas.marked(excerpt.heading, excerpt.headingMarks)));
      } catch {
        // The summary stays.
      }
    });
    watcher.observe(text);
    return text;
  };

  /** Remembers what was looked for, for the article that is opened now. */
  opas.landing = (/** @type {string} */ query) => opas.memory.set('landing', { query, time: Date.now() });

  const recent = () => opas.memory.get('recent') ?? [];
  opas.recent = {
    /** @returns {string[]|null} null: the reader wants none kept */
    list: () => (opas.memory.get('recent-off') ? null : recent()),
    /** @param {string} query */
    add(query) {
      const text = query.trim();
      if (text.length < 2 || opas.memory.get('recent-off')) return;
      const same = (/** @type {string} */ other) => other.toLowerCase() === text.toLowerCase();
      opas.memory.set('recent', [text, ...recent().filter((/** @type {string} */ other) => !same(other))].slice(0, 6));
    },
    clear: () => opas.memory.set('recent', null),
    /** @param {boolean} off */
    switchOff(off) {
      opas.memory.set('recent-off', off || null);
      opas.memory.set('recent', null);
    },
  };
})();
