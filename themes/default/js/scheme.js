/** Before the first paint: the colours that the reader chose, and no notes that they hid. */
(() => {
  'use strict';
  try {
    const memory = `opas:${new URL('..', document.currentScript.src).pathname}:`;
    const chosen = (key) => JSON.parse(localStorage.getItem(memory + key) ?? 'null');
    const scheme = chosen('scheme');
    if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
    document.documentElement.classList.toggle('audience-hidden', chosen('audience-hidden') === true);
  } catch {
    // Without memory the system's choice holds.
  }
})();
