/** Sends "was this helpful?" without leaving the page. */
(() => {
  'use strict';
  const { opas } = window;
  opas.enhance((root) => {
    const form = root.querySelector('form[data-feedback]');
    if (!form) return;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const say = (/** @type {string} */ key) => opas.element('p', { role: 'status' }, opas.text('script', key));
      try {
        const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'omit' });
        if (!answer.ok) throw new Error(String(answer.status));
        form.replaceWith(say('feedback_thanks'));
      } catch {
        form.querySelector('[role="status"]')?.remove();
        form.append(say('feedback_failed'));
      }
    });
  });
})();
