/** A film elsewhere is asked for at the click, not before. */
(() => {
  'use strict';
  const { opas } = window;
  document.addEventListener('click', (event) => {
    const card = event.target.closest('a.embed[data-player]');
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const title = card.querySelector('.embed-title')?.textContent ?? '';
    const player = opas.element('iframe', { src: card.dataset.player, title, allow: 'autoplay; fullscreen; picture-in-picture', allowfullscreen: true, referrerpolicy: 'strict-origin-when-cross-origin' });
    const box = opas.element('div', { class: 'embed' }, player);
    card.replaceWith(box);
    player.focus();
  });
})();
