/** The reader may put the notes for admins out of sight. */
(() => {
  'use strict';
  const { opas } = window;
  const page = document.documentElement;
  const box = document.querySelector('[data-audience-switch]');
  if (!box) return;
  // Not from the page: the script of the first paint may come after this one.
  box.checked = opas.memory.get('audience-hidden') !== true;
  box.addEventListener('change', () => {
    page.classList.toggle('audience-hidden', !box.checked);
    opas.memory.set('audience-hidden', box.checked ? null : true);
  });
})();
