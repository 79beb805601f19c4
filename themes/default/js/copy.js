/** Copies a block of code, or the link to a heading. */
(() => {
  'use strict';
  const { opas } = window;

  /** @param {string} text */
  async function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = opas.element('textarea', { class: 'visually-hidden', readonly: true }, text);
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    if (!done) throw new Error('copying is forbidden');
  }

  /** Says so at the button, and to screen readers, for two seconds. @param {HTMLElement} button */
  function confirm(button) {
    const before = button.getAttribute('aria-label');
    const glyph = button.querySelector('.glyph');
    const drawing = glyph.className;
    glyph.className = 'glyph glyph-check';
    button.setAttribute('aria-label', opas.text('script', 'copied'));
    setTimeout(() => {
      glyph.className = drawing;
      button.setAttribute('aria-label', before);
    }, 2000);
  }

  opas.enhance((root) => {
    for (const pre of root.querySelectorAll('.prose pre')) {
      let box = pre.closest('.code');
      if (!box) {
        box = opas.element('div', { class: 'code' });
        pre.replaceWith(box);
        box.append(pre);
      }
      const label = opas.text('script', 'copy');
      const button = opas.element('button', { class: 'icon-button copy-button', type: 'button', 'aria-label': label }, opas.glyph('copy'));
      button.addEventListener('click', () => copy(pre.textContent.trimEnd()).then(() => confirm(button), () => getSelection().selectAllChildren(pre)));
      box.append(button);
    }
    for (const heading of root.querySelectorAll('.prose :is(h2, h3, h4)[id]')) {
      if (heading.closest('.chapter')) continue;
      let link = heading.querySelector('.heading-link');
      if (!link) {
        link = opas.element('a', { class: 'heading-link', href: `#${heading.id}`, 'aria-label': opas.text('script', 'copy_link') });
        heading.append(link);
      }
      link.replaceChildren(opas.glyph('link'));
      link.addEventListener('click', () => copy(link.href).then(() => confirm(link), () => {}));
    }
  });
})();
