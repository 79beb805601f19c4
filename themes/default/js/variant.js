/**
 * One chooser for the parts that hold for one version of the product, remembered across the portal.
 * Without it all parts stand one below the other, each with its version's name.
 */
(() => {
  'use strict';
  const { opas } = window;

  /** @type {{parts: HTMLElement[], inputs: HTMLInputElement[]}[]} */
  const choosers = [];

  const name = (/** @type {HTMLElement} */ part) => part.dataset.variant;

  /** @param {string} wanted */
  function choose(wanted) {
    for (const { parts, inputs } of choosers) {
      if (!parts.some((part) => name(part) === wanted)) continue;
      parts.forEach((part) => (part.hidden = name(part) !== wanted));
      inputs.forEach((input) => (input.checked = input.value === wanted));
    }
  }

  /** @param {HTMLElement[]} parts neighbours */
  function build(parts) {
    const group = opas.id();
    const box = opas.element('fieldset', { class: 'variant-chooser' }, opas.element('legend', {}, opas.text('script', 'variant')));
    const options = opas.element('div', { class: 'segmented' });
    const inputs = [...new Set(parts.map(name))].map((value) => {
      const title = parts.find((part) => name(part) === value).querySelector('.variant-title')?.textContent ?? value;
      const input = opas.element('input', { type: 'radio', name: group, value });
      input.addEventListener('change', () => {
        choose(value);
        opas.memory.set('variant', value);
      });
      options.append(opas.element('label', {}, input, title));
      return input;
    });
    box.append(options);
    parts[0].before(box);
    parts.forEach((part) => part.classList.add('variant-ready'));
    choosers.push({ parts, inputs });
    const chosen = opas.memory.get('variant');
    choose(inputs.some((input) => input.value === chosen) ? chosen : inputs[0].value);
  }

  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest('.variant[hidden]');
    if (!part) return;
    choose(name(part));
    target.scrollIntoView();
  }

  opas.enhance((root) => {
    const seen = new Set();
    for (const first of root.querySelectorAll('.variant:not(.variant-ready)')) {
      if (seen.has(first)) continue;
      const parts = [];
      for (let part = first; part?.matches('.variant'); part = part.nextElementSibling) {
        parts.push(part);
        seen.add(part);
      }
      if (new Set(parts.map(name)).size > 1) build(parts);
    }
    reveal();
  });
  addEventListener('hashchange', reveal);
})();
