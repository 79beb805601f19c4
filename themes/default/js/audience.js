/** The reader may put the notes for admins out of sight. */
(() => {
  'use strict';
  const { opas } = window;
  const page = document.documentElement;
  const box = document.querySelector('[data-audience-switch]');
  if (!box) return;
  box.checked = !page.classList.contains('audience-hidden');
  box.addEventListener('change', () => {
    page.classList.toggle('audience-hidden', !box.checked);
    opas.memory.set('audience-hidden', box.checked ? null : true);
  });
})();
