/**
 * A word's explanation beside it: for a mouse that rests there, the keyboard's focus, a first tap.
 * Without it the word is a link to its place in the glossary.
 */
(() => {
  'use strict';
  const { opas } = window;
  /** @type {HTMLElement|undefined} */
  let tip;
  /** @type {HTMLElement|null} the word that is explained now */
  let shown = null;
  let timer = 0;

  const later = (/** @type {() => void} */ then, /** @type {number} */ ms) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const wordAt = (/** @type {EventTarget|null} */ target) => target?.closest?.('a.term');
  const inTip = (/** @type {EventTarget|null} */ target) => tip?.contains(/** @type {Node} */ (target));

  function hide() {
    clearTimeout(timer);
    if (shown && tip?.isConnected) tip.hidePopover();
    shown = null;
  }

  /** @param {HTMLElement} word */
  function show(word) {
    clearTimeout(timer);
    const text = document.getElementById(word.getAttribute('aria-describedby') ?? '');
    if (shown === word || !text) return;
    hide();
    if (!tip?.isConnected) {
      tip = opas.element('div', { class: 'term-tip', role: 'tooltip', popover: 'manual' });
      (word.closest('main') ?? document.body).append(tip);
    }
    const copy = text.cloneNode(true);
    for (const named of copy.querySelectorAll('[id]')) named.removeAttribute('id');
    const name = text.previousElementSibling?.textContent ?? '';
    tip.replaceChildren(opas.element('p', { class: 'term-name' }, name), ...copy.childNodes);
    tip.showPopover();
    const [box, own] = [word.getClientRects()[0], tip.getBoundingClientRect()];
    const below = box.bottom + 6 + own.height < innerHeight;
    tip.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - own.width - 8))}px`;
    tip.style.top = `${below ? box.bottom + 6 : Math.max(8, box.top - own.height - 6)}px`;
    shown = word;
  }

  document.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'mouse') return;
    const word = wordAt(event.target);
    if (word) later(() => show(word), 150);
    else if (inTip(event.target)) clearTimeout(timer);
    else if (shown && !shown.matches(':focus-visible')) later(hide, 250);
    else if (!shown) clearTimeout(timer);
  });
  document.addEventListener('focusin', (event) => {
    const word = wordAt(event.target);
    if (word?.matches(':focus-visible')) show(word);
    else if (!inTip(event.target)) hide();
  });
  document.addEventListener('click', (event) => {
    const word = wordAt(event.target);
    if (word && word !== shown && event.pointerType && event.pointerType !== 'mouse') {
      event.preventDefault();
      show(word);
    } else if (!word && !inTip(event.target)) hide();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && shown) hide();
  });
  addEventListener('scroll', hide, { passive: true });
})();
