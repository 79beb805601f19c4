/**
 * Before the first paint: the colours that the reader chose, no notes that they hid, and room for what
 * other scripts are about to put in (`pending`) or to find (`asking`), so that nothing jumps.
 */
(() => {
  'use strict';
  const { classList } = document.documentElement;
  if (document.readyState !== 'complete') {
    classList.add('pending');
    addEventListener('load', () => classList.remove('pending'));
  }
  classList.toggle('asking', !!new URLSearchParams(location.search).get('q')?.trim());
  try {
    const memory = `opas:${new URL('..', document.currentScript.src).pathname}:`;
    const chosen = (key) => JSON.parse(localStorage.getItem(memory + key) ?? 'null');
    const scheme = chosen('scheme');
    if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
    classList.toggle('audience-hidden', chosen('audience-hidden') === true);
  } catch {
    // Without memory the system's choice holds.
  }
})();
