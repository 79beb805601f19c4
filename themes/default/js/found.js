/** Marks the words by which the reader found the article they landed on, until dismissed. */
(() => {
  'use strict';
  const { opas } = window;
  const SKIPPED = 'pre, script, mark, .heading-link, button, .found';

  /** @param {HTMLElement} article @param {any[]} markers */
  function mark(article, markers) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(SKIPPED)) nodes.push(walker.currentNode);
    let count = 0;
    for (const node of nodes) {
      const marks = opas.search.marks(node.data, markers);
      if (!marks.length) continue;
      count += marks.length;
      node.replaceWith(opas.marked(node.data, marks));
    }
    return count;
  }

  async function land() {
    const article = document.querySelector('[data-article]');
    const landing = opas.memory.get('landing');
    if (!landing) return;
    if (!article || Date.now() - landing.time > 30000) {
      if (Date.now() - landing.time > 30000) opas.memory.set('landing', null);
      return;
    }
    opas.memory.set('landing', null);
    try {
      await opas.engine();
      const count = mark(article, await opas.search.words(landing.query, {}));
      if (!count) return;
      const dismiss = opas.element('button', { class: 'text-button', type: 'button' }, opas.text('search', 'marks_hide'));
      const bar = opas.element('div', { class: 'found', role: 'status' }, opas.element('span', {}, opas.count('search', 'marks', count, { query: landing.query.trim() })), dismiss);
      dismiss.addEventListener('click', () => {
        bar.remove();
        for (const found of article.querySelectorAll('mark')) found.replaceWith(...found.childNodes);
        article.normalize();
      });
      article.before(bar);
    } catch {
      // An article without marks is still the article.
    }
  }
  land();
  addEventListener('hashchange', land);
})();
