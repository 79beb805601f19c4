/**
 * `/search/?q=…`: all hits with filters, at an address of their own that can be sent, reloaded and
 * gone back to. Under them, or before them where they are but guesses, what the portal's other
 * languages have.
 */
(() => {
  'use strict';
  const { opas } = window;
  const STEP = 20;
  /** With fewer hits, the reader is told how many there are in other languages. */
  const ENOUGH = 5;
  /** Hits that are shown of another language. */
  const TASTE = 3;
  /** Milliseconds that hits wait for what stands before them. */
  const PATIENCE = 300;
  const FILTERS = ['category', 'kind', 'tags', 'module'];
  const text = (/** @type {string} */ key, values = {}) => opas.text('search', key, values);

  const form = document.querySelector('[data-search-page]');
  if (!form) return;
  const field = form.querySelector('input');
  const status = document.querySelector('[data-search-status]');
  const filters = document.querySelector('[data-search-filters]');
  const hits = document.querySelector('[data-search-hits]');
  const more = document.querySelector('[data-search-more]');
  const help = document.querySelector('[data-search-help]');
  const notes = opas.element('div', { class: 'search-correction' });
  status.after(notes);
  const elsewhere = opas.element('section', { class: 'elsewhere', hidden: true });
  let asked = 0;

  /** What the address says. */
  const wanted = () => new URLSearchParams(location.search);

  /** @param {URLSearchParams} next @param {'pushState'|'replaceState'} how */
  function go(next, how) {
    const search = next.size ? `?${next}` : '';
    if (search !== location.search) history[how]({ limit: STEP }, '', location.pathname + search);
    show();
  }

  /** @param {string} name @param {any[]} values @param {number} total */
  function filter(name, values, total) {
    const chosen = wanted().get(name) ?? '';
    if (values.length < 2 && !chosen) return [];
    const select = opas.element('select', {}, opas.element('option', { value: '' }, text('all')));
    for (const value of values) select.append(opas.element('option', { value: value.id }, `${value.title} (${opas.number(value.count)})`));
    if (chosen && !values.some((value) => value.id === chosen)) select.append(opas.element('option', { value: chosen }, chosen));
    select.value = chosen;
    select.addEventListener('change', () => {
      const next = wanted();
      if (select.value) next.set(name, select.value);
      else next.delete(name);
      go(next, 'pushState');
    });
    const title = { tags: opas.text('script', 'tags'), module: opas.text('script', 'module') }[name] ?? text(name);
    return [opas.element('label', {}, title, select)];
  }

  /** @param {any} hit @param {string} query */
  function row(hit, query, heading = 'h2') {
    const meta = opas.hitMeta(hit);
    const link = opas.element('a', { href: opas.page(hit.url) }, hit.title);
    link.addEventListener('click', () => opas.landing(query));
    return opas.element('li', { class: 'hit' }, opas.element(heading, { class: 'hit-title' }, link), meta, opas.hitText(hit, meta));
  }

  /**
   * The portal's other languages: with hits where the own ones are none or guesses, with counts where
   * they are few, else by name, for which nothing is loaded.
   *
   * @param {string} query @param {any} found @param {boolean} filtered
   */
  async function others(query, found, filtered) {
    const likely = opas.elsewhere.likely(found);
    if (filtered || (!likely && found.total >= ENOUGH)) return opas.elsewhere.ways(query);
    return opas.elsewhere.ask(query, found, { limit: likely ? TASTE : 0, prefix: false });
  }

  /** @param {any[]} all @param {string} query @param {HTMLElement} before */
  function showOthers(all, query, before) {
    const [shown, named] = [all.filter((to) => to.results.length), all.filter((to) => !to.results.length)];
    const parts = shown.map((to) => {
      const rows = to.results.map((/** @type {any} */ hit) => row(hit, query, 'h4'));
      const list = opas.element('ol', { class: 'hits' }, ...rows);
      return opas.element('div', { lang: to.lang, dir: to.direction }, opas.element('h3', {}, opas.elsewhere.link(to)), list);
    });
    if (named.length) parts.push(opas.element('p', { class: 'tags' }, ...named.map((to) => opas.elsewhere.link(to, { class: 'tag' }))));
    elsewhere.replaceChildren(opas.element('h2', {}, text('other_languages')), ...parts);
    elsewhere.hidden = !all.length;
    elsewhere.classList.toggle('elsewhere-shown', shown.length > 0);
    before.after(elsewhere);
    opas.elsewhere.announce(status, shown);
  }

  /** The language switcher leads to the same query. */
  function keepQuery(/** @type {string} */ query) {
    for (const link of document.querySelectorAll('#languages a[hreflang]')) link.search = query && `q=${encodeURIComponent(query)}`;
  }

  /** A line with a button that asks anew. */
  function note(/** @type {string} */ line, /** @type {string} */ label, /** @type {() => void} */ act) {
    const button = opas.element('button', { class: 'text-button', type: 'button' }, label);
    button.addEventListener('click', act);
    notes.append(opas.element('p', {}, line, ' ', button));
  }

  /** Whether hits come or are there: then the way by categories steps back. @param {boolean} so */
  function asking(so) {
    document.documentElement.classList.toggle('asking', so);
    help.hidden = so;
    if (so && !hits.children.length) filters.hidden = false;
  }

  async function show() {
    const mine = ++asked;
    const params = wanted();
    const query = params.get('q')?.trim() ?? '';
    const limit = history.state?.limit ?? STEP;
    field.value = query;
    keepQuery(query);
    notes.replaceChildren();
    asking(!!query);
    if (!query) {
      status.textContent = '';
      hits.replaceChildren();
      filters.hidden = more.hidden = elsewhere.hidden = true;
      field.focus();
      return;
    }
    document.title = `${query} · ${document.title.split(' · ').pop()}`;
    const slow = setTimeout(() => mine === asked && (status.textContent = text('loading')), 300);
    try {
      await opas.engine();
      const options = { limit, variant: opas.memory.get('variant'), prefix: false, verbatim: params.has('verbatim'), near: params.get('near') ?? '' };
      for (const name of FILTERS) if (params.get(name)) options[name] = params.get(name);
      const found = await opas.search(query, options);
      if (mine !== asked) return;
      const filtered = FILTERS.some((name) => params.get(name));
      const guessed = !filtered && opas.elsewhere.likely(found);
      const foreign = others(query, found, filtered);
      // What stands above the hits should not push them away when it comes.
      const counted = found.total ? facets(found, mine) : (filters.hidden = true);
      await Promise.race([Promise.all([counted, guessed && foreign]), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
      const early = await Promise.race([guessed && foreign, null]);
      if (mine !== asked) return;
      clearTimeout(slow);
      opas.recent.add(query);
      status.textContent = found.total ? opas.count('search', 'found', found.total) : text('none', { query });
      hits.replaceChildren(...found.results.map((/** @type {any} */ hit) => row(hit, query)));
      more.hidden = found.results.length >= found.total;
      elsewhere.hidden = true;
      foreign.then((all) => mine === asked && showOthers(all, query, !found.total ? status : early && all.some((to) => to.better) ? notes : more));
      if (found.correction) {
        note(text('corrected', { query: found.correction.query }), text('instead', { query: found.correction.original }), () => {
          const next = wanted();
          next.set('verbatim', '1');
          go(next, 'pushState');
        });
      } else if (!found.total) await suggest(query, mine);
      if (found.problems.length && mine === asked) note(text('partial'), text('retry'), show);
      if (mine !== asked) return;
      asking(found.total > 0);
      restoreScroll();
      await counted;
    } catch {
      if (mine !== asked) return;
      status.textContent = '';
      elsewhere.hidden = true;
      note(text('failed'), text('retry'), show);
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {any} found @param {number} mine */
  async function facets(found, mine) {
    const counts = await found.facets();
    if (mine !== asked) return;
    const shown = FILTERS.flatMap((name) => filter(name, counts[name] ?? [], found.total));
    if (FILTERS.some((name) => wanted().get(name))) {
      const clear = opas.element('button', { class: 'text-button', type: 'button' }, text('clear_filters'));
      clear.addEventListener('click', () => go(new URLSearchParams({ q: wanted().get('q') ?? '' }), 'pushState'));
      shown.push(clear);
    }
    const focused = [...filters.children].findIndex((child) => child.contains(document.activeElement));
    filters.replaceChildren(...shown);
    filters.hidden = !shown.length;
    if (focused >= 0) filters.children[focused]?.querySelector('select')?.focus();
  }

  /** After no hit: words that the manual has, and articles that many read first. */
  async function suggest(/** @type {string} */ query, /** @type {number} */ mine) {
    const line = opas.element('p', {}, text('none_hint'), ' ', text('browse_hint'));
    const nearby = await opas.search.help?.(query, {});
    if (mine !== asked) return;
    const words = opas.element('p', { class: 'tags' });
    for (const word of nearby?.nearest ?? []) words.append(opas.element('a', { class: 'tag', href: `?q=${encodeURIComponent(word)}` }, word));
    const popular = opas.element('ul', { class: 'link-list' });
    for (const page of nearby?.popular ?? []) popular.append(opas.element('li', {}, opas.element('a', { href: opas.page(page.url) }, page.title)));
    const heading = opas.element('h2', {}, opas.text('script', 'popular'));
    notes.replaceChildren(line, words, ...(popular.children.length ? [heading, popular] : []));
  }

  function restoreScroll() {
    const { scroll } = history.state ?? {};
    if (scroll) scrollTo({ top: scroll, behavior: 'instant' });
  }

  history.scrollRestoration = 'manual';
  addEventListener('pagehide', () => history.replaceState({ ...history.state, scroll: scrollY }, ''));
  addEventListener('popstate', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go(new URLSearchParams({ q: field.value.trim() }), 'pushState');
  });
  more.addEventListener('click', () => {
    const first = hits.children.length;
    history.replaceState({ limit: (history.state?.limit ?? STEP) + STEP, scroll: scrollY }, '');
    show().then(() => hits.children[first]?.querySelector('a')?.focus({ preventScroll: true }));
  });
  show();
})();
