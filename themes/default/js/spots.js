/** An annotated picture: a number and its text light up together. */
(() => {
  'use strict';
  const { opas } = window;
  opas.enhance((root) => {
    for (const box of root.querySelectorAll('.spots')) {
      for (const text of box.querySelectorAll('.spots-legend > li')) text.dataset.spot ??= text.id.split('-').pop();
      const of = (/** @type {EventTarget} */ target) => target.closest?.('[data-spot]')?.dataset.spot;
      const light = (/** @type {string|undefined} */ spot) => {
        for (const part of box.querySelectorAll('[data-spot]')) part.classList.toggle('lit', part.dataset.spot === spot);
      };
      box.addEventListener('pointerover', (event) => light(of(event.target)));
      box.addEventListener('pointerleave', () => light(undefined));
      box.addEventListener('focusin', (event) => light(of(event.target)));
      box.addEventListener('focusout', () => light(undefined));
    }
  });
})();
