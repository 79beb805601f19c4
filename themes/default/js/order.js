/** The articles of a category in the writers' order, or from A to Z. */
(() => {
  'use strict';
  const { opas } = window;
  const chooser = document.querySelector('[data-order]');
  const list = document.querySelector('.article-list');
  if (!chooser || !list) return;
  const written = [...list.children];
  const sorted = [...written].sort((a, b) => a.dataset.az - b.dataset.az);
  const show = (/** @type {string} */ order) => list.append(...(order === 'a-z' ? sorted : written));
  for (const input of chooser.querySelectorAll('input')) {
    if (opas.memory.get('order') === 'a-z') input.checked = input.value === 'a-z';
    input.addEventListener('change', () => {
      opas.memory.set('order', input.value === 'a-z' ? 'a-z' : null);
      show(input.value);
    });
    if (input.checked) show(input.value);
  }
})();
