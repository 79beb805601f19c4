/**
 * The search overlay: `/` or Ctrl+K on any page, hits while typing.
 *
 * A combobox with a listbox: the arrows move, Enter opens, Ctrl+Enter opens in a new tab, Esc
 * closes. Enter without a chosen hit leads to the search page. Where the page's language has no good
 * answer and the reader stops typing, the portal's other languages are asked.
 */
(() => {
  'use strict';
  const { opas } = window;
  const LIMIT = 8;
  /** Milliseconds without a key after which other languages are asked. */
  const PAUSE = 350;
  /** @type {HTMLDialogElement|undefined} */
  let dialog;
  /** @type {HTMLInputElement} */
  let input;
  /** @type {HTMLElement} */
  let list, status, notes, all;
  /** @type {HTMLElement[]} */
  let options = [];
  let active = -1;
  let asked = 0;
  let waiting = 0;
  let later = 0;

  /** Where the reader is, below the portal's root. */
  const here = () => location.pathname.slice(new URL(opas.root).pathname.length).replace(/index\.html$/, '');

  const text = (/** @type {string} */ key, values = {}) => opas.text('search', key, values);
  /** The search page with a query, which it answers as asked here: the first hits stay the first. */
  function pageUrl(/** @type {string} */ query) {
    const params = new URLSearchParams({ q: query, ...(here() && { near: here() }) });
    return opas.page(`${new URL(document.body.dataset.home, location.href).href}search/?${params}`);
  }

  function choose(/** @type {number} */ index) {
    options[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = options[active];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
  }

  /** @param {HTMLElement[]} next */
  function setOptions(next) {
    options = [];
    list.replaceChildren();
    choose(-1);
    addOptions(next);
  }

  /** @param {HTMLElement[]} more */
  function addOptions(more) {
    for (const option of more) {
      option.id ||= opas.id();
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.tabIndex = -1;
    }
    options.push(...more);
    list.append(...more);
    list.hidden = !options.length;
    input.setAttribute('aria-expanded', String(options.length > 0));
  }

  function showRecent() {
    const queries = opas.recent.list();
    status.textContent = '';
    all.hidden = true;
    setOptions((queries ?? []).map((query) => opas.element('a', { class: 'option option-plain', href: pageUrl(query), 'data-query': query }, opas.glyph('clock'), query)));
    const head = opas.element('div', { class: 'recent-head' });
    const action = (/** @type {string} */ key, /** @type {() => void} */ act) => {
      const button = opas.element('button', { class: 'text-button', type: 'button' }, text(key));
      button.addEventListener('click', () => {
        act();
        showRecent();
        input.focus();
      });
      return button;
    };
    if (queries === null) head.append(action('recent_on', () => opas.recent.switchOff(false)));
    else if (queries.length) head.append(action('recent_off', () => opas.recent.switchOff(true)), action('recent_clear', opas.recent.clear));
    notes.replaceChildren(...(queries?.length ? [] : [opas.element('p', { class: 'finder-note' }, text('type_more'))]), head);
    if (queries?.length) status.textContent = text('recent');
  }

  /** @param {any} hit @param {string} query */
  function option(hit, query) {
    const meta = opas.hitMeta(hit);
    const link = opas.element('a', { class: 'option', href: opas.page(hit.url) }, opas.element('div', { class: 'option-title' }, hit.title), meta, opas.hitText(hit, meta));
    link.addEventListener('click', () => {
      opas.recent.add(query);
      opas.landing(query);
      if (new URL(link.href).pathname === location.pathname) close();
    });
    return link;
  }

  /** A line, with a button that acts. */
  function note(/** @type {string} */ line, /** @type {string} */ label, /** @type {() => void} */ act) {
    const button = opas.element('button', { class: 'text-button', type: 'button' }, label);
    button.addEventListener('click', () => {
      act();
      input.focus();
    });
    return opas.element('p', { class: 'finder-note' }, line, ' ', button);
  }

  /** Words of the manual like those of a query that found nothing. */
  async function nearby(/** @type {string} */ query) {
    const { nearest = [] } = (await opas.search.help?.(query, {})) ?? {};
    const words = nearest.map((/** @type {string} */ word) => {
      const button = opas.element('button', { class: 'tag', type: 'button' }, word);
      button.addEventListener('click', () => {
        input.value = word;
        input.focus();
        find();
      });
      return button;
    });
    return words.length ? [opas.element('p', { class: 'tags' }, ...words)] : [];
  }

  /** The ways to the hits of other languages, last in the list. */
  async function elsewhere(/** @type {string} */ query, /** @type {any} */ own, /** @type {number} */ mine) {
    const all = await opas.elsewhere.ask(query, own, { limit: 0 });
    if (mine !== asked) return;
    addOptions(all.map((to) => opas.elsewhere.link(to, { class: 'option option-plain' }, opas.glyph('languages'))));
    opas.elsewhere.announce(status, all);
  }

  /** @param {boolean} verbatim as typed, without corrections */
  async function find(verbatim = false) {
    const query = input.value;
    const mine = ++asked;
    clearTimeout(later);
    if (!query.trim()) return showRecent();
    const slow = setTimeout(() => mine === asked && (status.textContent = text('loading')), 300);
    try {
      await opas.engine();
      const found = await opas.search(query, { limit: LIMIT, verbatim, variant: opas.memory.get('variant'), near: here() });
      clearTimeout(slow);
      if (mine !== asked) return;
      setOptions(found.results.map((/** @type {any} */ hit) => option(hit, query)));
      status.textContent = found.total ? opas.count('search', 'found', found.total) : text('none', { query: query.trim() });
      all.hidden = found.total <= LIMIT;
      all.href = pageUrl(query);
      if (opas.elsewhere.likely(found)) later = setTimeout(elsewhere, PAUSE, query, found, mine);
      const lines = [];
      if (found.correction && found.total) lines.push(note(text('corrected', { query: found.correction.query }), text('instead', { query: query.trim() }), () => find(true)));
      if (found.problems.length) lines.push(note(text('partial'), text('retry'), () => find(verbatim)));
      if (!found.total) lines.push(opas.element('p', { class: 'finder-note' }, text('none_hint')), ...(await nearby(query)));
      if (mine === asked) notes.replaceChildren(...lines);
    } catch {
      if (mine !== asked) return;
      setOptions([]);
      status.textContent = '';
      notes.replaceChildren(note(text('failed'), text('retry'), () => find(verbatim)));
    } finally {
      clearTimeout(slow);
    }
  }

  const close = () => dialog.close();

  function build() {
    const id = opas.id();
    input = opas.element('input', { type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list', 'aria-label': text('label'), placeholder: text('placeholder'), autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search' });
    list = opas.element('div', { role: 'listbox', id, 'aria-label': text('title') });
    status = opas.element('p', { class: 'finder-status', role: 'status' });
    notes = opas.element('div');
    all = opas.element('a', { href: '#', hidden: true }, text('all_results'));
    const shut = opas.element('button', { class: 'icon-button', type: 'button', 'aria-label': opas.text('script', 'close') }, opas.glyph('x'));
    const tip = (/** @type {string} */ keys, /** @type {string} */ key) => opas.element('span', { 'aria-hidden': 'true' }, opas.element('kbd', {}, keys), text(key));
    dialog = opas.element(
      'dialog',
      { class: 'finder', 'aria-label': text('title') },
      opas.element('div', { class: 'finder-field' }, opas.glyph('search'), input, shut),
      opas.element('div', { class: 'finder-body' }, status, list, notes),
      opas.element('div', { class: 'finder-foot' }, tip('↑ ↓', 'tip_move'), tip('↵', 'tip_open'), tip('Esc', 'tip_close'), all),
    );
    document.body.append(dialog);
    shut.addEventListener('click', close);
    dialog.addEventListener('click', (event) => event.target === dialog && close());
    list.addEventListener('click', (event) => {
      const query = event.target.closest('[data-query]')?.dataset.query;
      if (!query || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.value = query;
      input.focus();
      find();
    });
    input.addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(find, 40, false);
    });
    input.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        const next = active + step;
        choose(next < -1 ? options.length - 1 : next >= options.length ? -1 : next);
      } else if (event.key === 'Enter' && !event.isComposing) {
        event.preventDefault();
        enter(event.ctrlKey || event.metaKey);
      } else if (event.key === 'Escape' && !event.isComposing) {
        // The browser would only empty the field.
        event.preventDefault();
        close();
      }
    });
  }

  /** @param {boolean} apart in a new tab */
  function enter(apart) {
    const option = options[active];
    if (option?.dataset.query) return option.click();
    const query = input.value.trim();
    if (!option && !query) return;
    opas.recent.add(query);
    if (option && !option.hreflang) opas.landing(query);
    const url = option?.href ?? pageUrl(query);
    if (apart) open(url, '_blank', 'noopener');
    else if (option) option.click();
    else location.href = url;
  }

  function openFinder(query = '') {
    if (!dialog) build();
    if (!dialog.open) dialog.showModal();
    if (query) input.value = query;
    input.select();
    find();
    opas.engine().then(() => opas.search.warm?.({}), () => {});
  }

  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]');
    const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if ((!slash && !k) || document.querySelector('dialog[open]:not(.finder)')) return;
    event.preventDefault();
    openFinder();
  });
  for (const opener of document.querySelectorAll('a[data-search]')) {
    opener.setAttribute('aria-keyshortcuts', '/ Control+K');
    opener.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openFinder();
    });
  }
  const hero = document.querySelector('form[data-search] input');
  hero?.addEventListener('input', () => {
    const query = hero.value;
    hero.value = '';
    openFinder(query);
    input.setSelectionRange(query.length, query.length);
  });
  hero?.addEventListener('focus', () => opas.engine().then(() => opas.search.warm?.({}), () => {}), { once: true });
})();
