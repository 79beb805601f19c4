/**
 * Tabs over sections that already stand one below the other. The choice is remembered by its name
 * across the portal: who reads for Windows once reads for Windows everywhere.
 */
(() => {
  'use strict';
  const { opas } = window;

  /** @type {{names: string[], show: (name: string) => void}[]} */
  const groups = [];

  const name = (/** @type {HTMLElement} */ panel) => panel.querySelector('.tab-title')?.textContent.trim() ?? '';

  /** @param {string} wanted @param {HTMLElement} [button] stays where it is on the screen */
  function choose(wanted, button) {
    const top = button?.getBoundingClientRect().top;
    for (const group of groups) if (group.names.includes(wanted)) group.show(wanted);
    if (button) scrollBy({ top: button.getBoundingClientRect().top - top, behavior: 'instant' });
    const chosen = (opas.memory.get('tabs') ?? []).filter((/** @type {string} */ other) => other !== wanted);
    opas.memory.set('tabs', [wanted, ...chosen].slice(0, 20));
  }

  /** @param {HTMLElement} box */
  function build(box) {
    const panels = [...box.children].filter((child) => child.matches('.tab'));
    if (panels.length < 2) return;
    const names = panels.map(name);
    const list = opas.element('div', { class: 'tabs-list', role: 'tablist' });
    const buttons = panels.map((panel, i) => {
      panel.id ||= opas.id();
      const button = opas.element('button', { type: 'button', role: 'tab', id: `${panel.id}-tab`, 'aria-controls': panel.id }, names[i]);
      // Whoever hides the notes for admins hides their tabs.
      if (panel.dataset.audience) button.dataset.audience = panel.dataset.audience;
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', button.id);
      button.addEventListener('click', () => choose(names[i], button));
      list.append(button);
      return button;
    });
    list.addEventListener('keydown', (event) => {
      const rtl = getComputedStyle(list).direction === 'rtl' ? -1 : 1;
      const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
      const at = buttons.indexOf(document.activeElement);
      const to = { Home: 0, End: buttons.length - 1 }[event.key] ?? (step && (at + step + buttons.length) % buttons.length);
      if (to === undefined || at < 0) return;
      event.preventDefault();
      buttons[to].focus();
      choose(names[to], buttons[to]);
    });
    const show = (/** @type {string} */ wanted) => {
      const at = Math.max(names.indexOf(wanted), 0);
      panels.forEach((panel, i) => (panel.hidden = i !== at));
      buttons.forEach((button, i) => {
        button.setAttribute('aria-selected', String(i === at));
        button.tabIndex = i === at ? 0 : -1;
      });
    };
    box.prepend(list);
    box.classList.add('tabs-ready');
    groups.push({ names, show });
    const chosen = (opas.memory.get('tabs') ?? []).find((/** @type {string} */ name) => names.includes(name));
    show(chosen ?? names[0]);
  }

  /** A link may lead into a tab that is not shown. */
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = target && target.closest('.tab[hidden]');
    if (!panel) return;
    choose(name(panel));
    target.scrollIntoView();
  }

  opas.enhance((root) => {
    root.querySelectorAll('.tabs:not(.tabs-ready)').forEach(build);
    reveal();
  });
  addEventListener('hashchange', reveal);
})();
