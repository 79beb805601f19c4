/** Light, dark, or as the system has it. */
(() => {
  'use strict';
  const { opas } = window;

  /** A picture's dark twin follows the choice too. */
  function pictures(/** @type {string|undefined} */ scheme) {
    for (const source of document.querySelectorAll('picture > source[media]')) {
      source.dataset.media ??= source.media;
      source.media = scheme === 'dark' ? 'all' : scheme === 'light' ? 'not all' : source.dataset.media;
    }
  }
  // Not from the page: the script of the first paint may come after this one.
  const chosen = () => opas.memory.get('scheme') ?? 'auto';
  opas.enhance(() => pictures(chosen()));

  for (const input of document.querySelectorAll('input[name="scheme"]')) {
    input.checked = input.value === chosen();
    input.addEventListener('change', () => {
      opas.memory.set('scheme', input.value === 'auto' ? null : input.value);
      if (input.value === 'auto') delete document.documentElement.dataset.scheme;
      else document.documentElement.dataset.scheme = input.value;
      pictures(document.documentElement.dataset.scheme);
    });
  }
})();
