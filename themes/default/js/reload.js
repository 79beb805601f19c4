/**
 * Live reload, added to pages by `opas serve` and part of no build.
 *
 * While the page is visible it keeps one event stream open. At each change it asks the server for
 * itself ("not modified" is the usual answer), and shows what is new in the gentlest way possible:
 *
 *  1. Only the contents of <main> or of an <aside> differ: the parts that differ are exchanged in
 *     place. Scroll position, open details, playing videos and the focus elsewhere stay.
 *  2. A stylesheet differs: it is loaded beside the old one, which then goes.
 *  3. Anything else: the page reloads and takes up its scroll position.
 *
 * For scripts of a theme: after an exchange `document` gets the event
 *
 *     document.addEventListener('opas:content', (event) => {
 *       for (const element of event.detail.added) enhance(element);
 *     });
 *
 * `added` are the new elements (each with all that is in it; none where something only went away);
 * nothing has touched them yet but the default theme's features (`opas.enhance`), which need no
 * event. What was enhanced before and is not among them is still in place.
 *
 * For tests, on <html>:
 *   data-opas-live        "open" while the stream is open, else "closed"
 *   data-opas-generation  the number of the newest state that the page shows; set when it is shown
 *   data-opas-exchanges   how often parts were exchanged since the page was loaded
 *   data-opas-errors      how many errors the portal has, data-opas-warnings likewise
 * and the overlay: <opas-findings>, whose open shadow root holds `.panel` (hidden or not), in it
 * `.finding` elements with `.place` ("content/a.md:3:1"), `.message` and `.help`, `.close`, and
 * `.chip`, which brings a closed panel back. Each message of the server is also an event on
 * `document`: `opas:change` and `opas:findings`, with its data as `detail`.
 */
(() => {
  'use strict';

  const root = document.documentElement;
  /** Parts whose contents can be exchanged without anybody outside of them noticing. */
  const ISLANDS = 'main, aside:not(main aside)';
  const SILENCE = 45000;

  let tag = document.currentScript.dataset.page;
  let seen = pristine(document.body.cloneNode(true));
  let sheets = sheetsOf(document);
  let scripts = scriptsOf(document);
  const islands = [...document.body.querySelectorAll(ISLANDS)];

  // What the page looks like as sent

  /** Scripts are off while the other side of each comparison is parsed, so `noscript` differs. */
  function pristine(body) {
    for (const element of body.querySelectorAll('noscript')) element.replaceChildren();
    return body;
  }

  /** The page around its islands. */
  function shell(body) {
    const clone = body.cloneNode(true);
    for (const island of clone.querySelectorAll(ISLANDS)) island.replaceChildren();
    return clone;
  }

  function sheetsOf(page) {
    const links = page.querySelectorAll('head link[rel="stylesheet"]');
    return [...links].map((link) => link.getAttribute('href'));
  }

  function scriptsOf(page) {
    const all = [...page.querySelectorAll('head script')];
    return all.filter((s) => !s.dataset.page).map((s) => s.outerHTML).join('\n');
  }

  // What differs

  /**
   * Plans how `now` (an element of the page, which scripts may have changed since it was `before`)
   * becomes `after`: pushes steps, each of which returns the elements that it put in.
   */
  function compare(before, now, after, plan) {
    if (before.isEqualNode(after)) return;
    const isIsland = islands.includes(now);
    const whole = isIsland ?
      () => exchange(now, [...now.childNodes], [...after.childNodes], null) :
      () => exchange(now.parentNode, [now], [after], null);
    if (!alike(before, after) || now.nodeName !== before.nodeName ||
        before.childNodes.length !== now.childNodes.length) {
      plan.push(whole);
      return;
    }
    const [old, live, fresh] = [before, now, after].map((node) => [...node.childNodes]);
    let start = 0;
    let end = 0;
    const most = Math.min(old.length, fresh.length);
    while (start < most && old[start].isEqualNode(fresh[start])) start++;
    while (end < most - start && old.at(-1 - end).isEqualNode(fresh.at(-1 - end))) end++;
    const left = old.slice(start, old.length - end);
    const gone = live.slice(start, live.length - end);
    const come = fresh.slice(start, fresh.length - end);
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '';
    if (left.length === come.length && [...left, ...come].every(isElement)) {
      come.forEach((node, i) => compare(left[i], gone[i], node, plan));
    } else if (!isIsland && [...left, ...come].some(isText)) {
      plan.push(whole);
    } else {
      plan.push(() => exchange(now, gone, come, live[live.length - end] ?? null));
    }
  }

  function isElement(node) {
    return node.nodeType === Node.ELEMENT_NODE;
  }

  /** Whether two nodes are elements of one name and of the same attributes. */
  function alike(a, b) {
    return isElement(a) && isElement(b) && a.cloneNode(false).isEqualNode(b.cloneNode(false));
  }

  /** Puts `come` in the place of `gone`, or before `next`; returns the elements that are new. */
  function exchange(within, gone, come, next) {
    const fresh = come.map((node) => document.importNode(node, true));
    const place = gone.length ? gone.at(-1).nextSibling : next;
    for (const node of gone) node.remove();
    for (const node of fresh) within.insertBefore(node, place);
    return fresh.filter(isElement);
  }

  // Showing it

  /** Shows `page`, a new state of this page; `false` if only a reload can. */
  function show(page) {
    const body = pristine(page.body);
    const here = document.documentElement;
    const same = here.lang === page.documentElement.lang && here.dir === page.documentElement.dir &&
      scripts === scriptsOf(page) && sheets.length === sheetsOf(page).length &&
      shell(seen).isEqualNode(shell(body));
    if (!same) return false;
    const plan = [];
    const [old, fresh] = [seen, body].map((b) => [...b.querySelectorAll(ISLANDS)]);
    islands.forEach((island, i) => compare(old[i], island, fresh[i], plan));
    const added = plan.flatMap((step) => step());
    document.title = page.title;
    const links = sheetsOf(page);
    links.forEach((href, i) => { if (href !== sheets[i]) restyle(sheets[i], href); });
    [seen, sheets, scripts] = [body, links, scriptsOf(page)];
    if (plan.length) {
      root.dataset.opasExchanges = Number(root.dataset.opasExchanges ?? 0) + 1;
      // The default theme's features, on what is new and on nothing else.
      window.opas?.refresh?.(among(added));
      document.dispatchEvent(new CustomEvent('opas:content', { detail: { added } }));
    }
    return true;
  }

  /** What of a ParentNode the theme's features use, over several elements and themselves. */
  function among(elements) {
    const querySelectorAll = (selector) => elements.flatMap((element) =>
      [...(element.matches(selector) ? [element] : []), ...element.querySelectorAll(selector)]);
    return { querySelectorAll, querySelector: (selector) => querySelectorAll(selector)[0] ?? null };
  }

  /** Loads a stylesheet beside the old one, so that the page is never without. */
  function restyle(before, after) {
    const links = document.querySelectorAll('head link[rel="stylesheet"]');
    const old = [...links].find((link) => (link.dataset.opasHref ?? link.getAttribute('href')) === before);
    if (!old) return;
    const link = old.cloneNode();
    link.href = after;
    link.dataset.opasHref = after.replace(/[?&]opas=\d+$/, '');
    link.addEventListener('load', () => old.remove());
    link.addEventListener('error', () => link.remove());
    old.after(link);
  }

  const PLACE = 'opas:place';

  function reload() {
    try {
      const place = { page: location.pathname, x: scrollX, y: scrollY };
      sessionStorage.setItem(PLACE, JSON.stringify(place));
    } catch { /* Without storage the browser's own memory has to do. */ }
    location.reload();
  }

  function takeUpPlace() {
    let place;
    try {
      place = JSON.parse(sessionStorage.getItem(PLACE));
      sessionStorage.removeItem(PLACE);
    } catch { return; }
    if (place?.page !== location.pathname) return;
    const go = () => scrollTo({ left: place.x, top: place.y, behavior: 'instant' });
    go();
    addEventListener('load', go, { once: true });
  }

  // Asking for it

  let asking = false;
  let again = null;

  /** Brings the page up to date. Asked while it is under way, it does so once more. */
  async function refresh(change) {
    if (asking) {
      again = { ...change, css: change.css || again?.css };
      return;
    }
    asking = true;
    try {
      await fetchAndShow(change);
      root.dataset.opasGeneration = change.generation;
    } catch {
      // The server is gone; when it is back the stream opens anew, and asks again.
    } finally {
      asking = false;
    }
    if (again) {
      const next = again;
      again = null;
      refresh(next);
    }
  }

  async function fetchAndShow(change) {
    const address = location.pathname + location.search;
    const headers = { 'If-None-Match': `"${tag}"` };
    const response = await fetch(address, { headers, cache: 'no-store' });
    if (response.status !== 304) {
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      const fresh = page.querySelector('script[data-page]')?.dataset.page;
      if (fresh !== tag) {
        if (response.redirected || !fresh || !show(page)) {
          reload();
          return;
        }
        tag = fresh;
      }
    }
    if (change.css) {
      for (const href of sheets) {
        restyle(href, `${href}${href.includes('?') ? '&' : '?'}opas=${change.generation}`);
      }
    }
  }

  // The stream

  let stream = null;
  let heard = 0;
  let greeted = false;

  function listen() {
    if (stream || document.visibilityState === 'hidden') return;
    heard = Date.now();
    stream = new EventSource('/_opas/events');
    stream.addEventListener('open', () => { root.dataset.opasLive = 'open'; });
    stream.addEventListener('error', () => { root.dataset.opasLive = 'closed'; });
    for (const name of ['opas:change', 'opas:findings', 'opas:beat']) {
      stream.addEventListener(name, (event) => {
        heard = Date.now();
        const detail = JSON.parse(event.data);
        document.dispatchEvent(new CustomEvent(name, { detail }));
      });
    }
  }

  function hush() {
    stream?.close();
    stream = null;
    root.dataset.opasLive = 'closed';
  }

  document.addEventListener('opas:change', ({ detail }) => {
    // The first message tells of the state in which the page was loaded, or nearly so.
    refresh({ ...detail, css: detail.css && greeted });
    greeted = true;
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') hush();
    else listen();
  });
  addEventListener('pagehide', hush);
  addEventListener('pageshow', listen);
  // A stream that the server has given up, or that is refused, says nothing any more.
  setInterval(() => {
    if (stream && (stream.readyState === EventSource.CLOSED || Date.now() - heard > SILENCE)) {
      hush();
      listen();
    }
  }, 3000);

  // The overlay

  let panel = null;
  let shown = '';

  function overlay() {
    if (panel) return panel;
    const host = document.createElement('opas-findings');
    const shadow = host.attachShadow({ mode: 'open' });
    const style = element('link', '', '', shadow);
    style.rel = 'stylesheet';
    style.href = '/_opas/reload.css';
    const section = element('section', 'panel', '', shadow);
    section.hidden = true;
    section.setAttribute('aria-label', 'Findings of opas');
    const head = element('header', '', '', section);
    const title = element('h2', 'title', '', head);
    title.setAttribute('role', 'alert');
    const close = element('button', 'close', 'Close', head);
    const list = element('ol', 'list', '', section);
    const rest = element('p', 'rest', '', section);
    const chip = element('button', 'chip', '', shadow);
    chip.hidden = true;
    close.type = chip.type = 'button';
    const fold = (folded) => {
      section.hidden = folded;
      chip.hidden = !folded;
    };
    close.addEventListener('click', () => fold(true));
    chip.addEventListener('click', () => fold(false));
    section.addEventListener('keydown', (event) => { if (event.key === 'Escape') fold(true); });
    root.append(host);
    panel = { host, section, chip, title, list, rest, fold };
    return panel;
  }

  function element(name, className, text, parent) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.textContent = text;
    parent.append(element);
    return element;
  }

  function count(number, noun) {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
  }

  document.addEventListener('opas:findings', ({ detail }) => {
    root.dataset.opasErrors = detail.errors;
    root.dataset.opasWarnings = detail.warnings;
    const errors = detail.findings.filter((finding) => finding.severity === 'error');
    const now = JSON.stringify(errors);
    if (now === shown) return;
    shown = now;
    if (!errors.length) {
      panel?.host.remove();
      panel = null;
      return;
    }
    const { title, list, rest, chip, fold } = overlay();
    title.textContent = count(detail.errors, 'error');
    chip.textContent = title.textContent;
    list.replaceChildren();
    for (const { path, line, column, message, help, rule } of errors) {
      const item = element('li', 'finding', '', list);
      const place = path + (line ? `:${line}` : '') + (line && column ? `:${column}` : '');
      element('code', 'place', place, item);
      element('p', 'message', message, item);
      if (help) element('p', 'help', help, item);
      item.dataset.rule = rule;
    }
    const more = [];
    if (detail.errors > errors.length) more.push(count(detail.errors - errors.length, 'more error'));
    if (detail.warnings) more.push(count(detail.warnings, 'warning'));
    rest.textContent = more.length ? `And ${more.join(' and ')}: see the terminal or opas check.` : '';
    fold(false);
  });

  takeUpPlace();
  listen();
})();
