/** On paper everything is open, and every picture is there. */
(() => {
  'use strict';
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('.prose details:not([open])')];
    for (const details of opened) details.open = true;
    for (const image of document.querySelectorAll('img[loading="lazy"]')) image.loading = 'eager';
  });
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false;
  });
  for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
})();
