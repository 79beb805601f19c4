/** Task lists that keep their ticks in this browser. */
(() => {
  'use strict';
  const { opas } = window;
  const key = `tasks:${location.pathname}`;

  opas.enhance((root) => {
    const boxes = [...root.querySelectorAll('.prose input[data-task]')];
    if (!boxes.length) return;
    const ticked = new Set(opas.memory.get(key) ?? boxes.filter((box) => box.checked).map((box) => box.dataset.task));
    const status = opas.element('span', { role: 'status' });
    const reset = opas.element('button', { type: 'button' }, opas.text('script', 'tasks_reset'));

    const show = () => {
      const done = boxes.filter((box) => box.checked).length;
      status.textContent = opas.count('script', 'tasks_done', boxes.length, { done: opas.number(done) });
      reset.hidden = done === 0;
    };
    for (const box of boxes) {
      box.checked = ticked.has(box.dataset.task);
      box.addEventListener('change', () => {
        opas.memory.set(key, boxes.filter((other) => other.checked).map((box) => box.dataset.task));
        show();
      });
    }
    reset.addEventListener('click', () => {
      boxes.forEach((box) => (box.checked = false));
      opas.memory.set(key, []);
      show();
      boxes[0].focus();
    });
    const lists = boxes.map((box) => box.closest('ul, ol'));
    lists[lists.length - 1].after(opas.element('p', { class: 'task-bar' }, status, reset));
    show();
  });
})();
