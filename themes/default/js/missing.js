/** A dead link: the search, filled from the words of its address. */
(() => {
  'use strict';
  const form = document.querySelector('[data-missing]');
  if (!form) return;
  let path = location.pathname;
  try {
    path = decodeURIComponent(path);
  } catch {
    // Half an escape stays as it is.
  }
  const last = path.split('/').filter(Boolean).pop() ?? '';
  const words = last.replace(/\.\w+$/, '').replace(/[-_+.]+/g, ' ').trim();
  if (words && words !== '404') form.querySelector('input').value = words;
})();
