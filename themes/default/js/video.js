/** A film elsewhere is asked for at the click, not before. */
(() => {
  'use strict';
  const { opas } = window;
  opas.enhance((root) => {
    for (const card of root.querySelectorAll('[data-player]')) {
      const host = new URL(card.dataset.player).host.replace(/^www\.|^player\./, '');
      card.append(opas.element('span', { class: 'embed-note' }, opas.text('script', 'play_from', { host })));
    }
  });
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a.embed-link');
    const card = link?.closest('[data-player]');
    if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const title = link.textContent;
    const player = opas.element('iframe', { src: card.dataset.player, title, allow: 'autoplay; fullscreen; picture-in-picture', allowfullscreen: true, referrerpolicy: 'strict-origin-when-cross-origin' });
    card.replaceChildren(player);
    player.focus();
  });
})();
