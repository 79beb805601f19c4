/** Opened from disk, nobody turns a link to a folder into its `index.html`. */
(() => {
  'use strict';
  if (location.protocol !== 'file:') return;
  const complete = (/** @type {string} */ url) => url.replace(/\/(?=$|[?#])/, '/index.html');
  for (const type of ['pointerdown', 'focusin', 'click']) {
    document.addEventListener(type, (event) => {
      const link = event.target.closest?.('a[href]');
      if (link && link.protocol === 'file:' && link.pathname.endsWith('/')) link.href = complete(link.href);
    }, true);
  }
  for (const form of document.forms) {
    if (form.action.startsWith('file:')) form.action = complete(form.action);
  }
  window.opas.fileUrl = complete;
})();
