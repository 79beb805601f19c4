/** Light, dark, or as the system has it. */
(() => {
  'use strict';
  const { opas } = window;
  for (const input of document.querySelectorAll('input[name="scheme"]')) {
    input.checked = input.value === (document.documentElement.dataset.scheme ?? 'auto');
    input.addEventListener('change', () => {
      opas.memory.set('scheme', input.value === 'auto' ? null : input.value);
      if (input.value === 'auto') delete document.documentElement.dataset.scheme;
      else document.documentElement.dataset.scheme = input.value;
    });
  }
})();
