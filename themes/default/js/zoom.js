/**
 * A picture in full size, in a dialog: drag, pinch, wheel and double click, `+`, `-`, `0` and the
 * arrow keys; Esc closes. In full view the arrows lead to the page's other pictures. An annotated one
 * keeps its marks, each of which tells its text.
 */
(() => {
  'use strict';
  const { opas } = window;
  /** @type {HTMLImageElement[]} */
  let pictures = [];
  let at = 0;
  let scale = 1;
  let x = 0;
  let y = 0;
  /** @type {HTMLDialogElement|undefined} */
  let dialog;
  /** @type {HTMLImageElement} */
  let image;
  /** The image with its marks. @type {HTMLElement} */
  let frame;
  /** @type {HTMLElement} */
  let caption;
  /** @type {HTMLElement} */
  let stage;

  function draw() {
    const room = { x: (image.offsetWidth * scale) / 2, y: (image.offsetHeight * scale) / 2 };
    x = Math.max(-room.x, Math.min(room.x, x));
    y = Math.max(-room.y, Math.min(room.y, y));
    if (scale === 1) x = y = 0;
    frame.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    // Marks stay as large as they are.
    frame.style.setProperty('--zoom', String(scale));
  }

  /** Zooms around a point of the stage, seen from its middle. */
  function zoom(/** @type {number} */ factor, px = 0, py = 0) {
    const next = Math.max(1, Math.min(8, scale * factor));
    x = px - ((px - x) * next) / scale;
    y = py - ((py - y) * next) / scale;
    scale = next;
    draw();
  }

  /** @param {PointerEvent|WheelEvent|MouseEvent} event */
  const fromMiddle = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  };

  function say(/** @type {string} */ text) {
    caption.textContent = text;
    caption.hidden = !text;
  }

  /** Marks that tell the texts of the figure's legend in place of its title. */
  function annotate(/** @type {Element} */ marks, /** @type {Element} */ figure, /** @type {string} */ title) {
    const texts = [...figure.querySelectorAll('.spots-legend > li')].map((item) => item.textContent.trim());
    const light = (/** @type {Element|undefined} */ mark) => {
      for (const other of marks.querySelectorAll('.spot-mark')) other.classList.toggle('lit', other === mark);
      say(mark ? mark.getAttribute('aria-label') : title);
    };
    for (const mark of marks.querySelectorAll('.spot-mark')) {
      const number = mark.dataset.spot;
      mark.setAttribute('aria-label', `${number}. ${texts[number - 1] ?? ''}`);
      mark.addEventListener('pointerenter', () => light(mark));
      mark.addEventListener('pointerleave', () => light(undefined));
      mark.addEventListener('focus', () => light(mark));
      mark.addEventListener('blur', () => light(undefined));
      mark.addEventListener('click', (/** @type {Event} */ event) => {
        event.preventDefault();
        light(mark);
      });
    }
    return marks;
  }

  function show(/** @type {number} */ index) {
    at = (index + pictures.length) % pictures.length;
    const picture = pictures[at];
    image.src = picture.dataset.full ?? (picture.currentSrc || picture.src);
    image.alt = picture.alt;
    const figure = picture.closest('figure');
    const title = figure?.querySelector('figcaption')?.textContent ?? '';
    say(title);
    frame.querySelector('.spots-marks')?.remove();
    const marks = figure?.querySelector('.spots-marks')?.cloneNode(true);
    if (marks) frame.append(annotate(marks, figure, title));
    scale = 1;
    draw();
  }

  function build() {
    const button = (/** @type {string} */ key, /** @type {string} */ drawing, /** @type {() => void} */ act) => {
      const label = opas.text('script', key);
      const element = opas.element('button', { class: 'icon-button', type: 'button', 'aria-label': label, title: label }, opas.glyph(drawing));
      element.addEventListener('click', act);
      return element;
    };
    image = opas.element('img', { alt: '', draggable: 'false' });
    frame = opas.element('div', { class: 'zoom-frame' }, image);
    caption = opas.element('p', { class: 'zoom-caption', role: 'status' });
    stage = opas.element('div', { class: 'zoom-stage' }, frame);
    const bar = opas.element('div', { class: 'zoom-bar' }, button('zoom_out', 'minus', () => zoom(1 / 1.4)), button('zoom_fit', 'fit', () => zoom(0)), button('zoom_in', 'plus', () => zoom(1.4)), button('close', 'x', () => dialog.close()));
    dialog = opas.element('dialog', { class: 'zoom', 'aria-label': opas.text('script', 'zoom') }, stage, caption, bar);
    document.body.append(dialog);
    dialog.addEventListener('close', () => image.removeAttribute('src'));

    stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), ...fromMiddle(event));
    }, { passive: false });
    stage.addEventListener('dblclick', (event) => zoom(scale > 1 ? 0 : 2.5, ...fromMiddle(event)));

    /** @type {Map<number, PointerEvent>} */
    const fingers = new Map();
    let moved = false;
    stage.addEventListener('pointerdown', (event) => {
      if (event.target.closest('.spot-mark')) return;
      fingers.set(event.pointerId, event);
      moved = false;
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener('pointermove', (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const other = [...fingers.values()].find((finger) => finger.pointerId !== event.pointerId);
      if (other) {
        const apart = (/** @type {PointerEvent} */ a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
        zoom(apart(event) / (apart(before) || 1), ...fromMiddle(event));
      } else {
        x += event.clientX - before.clientX;
        y += event.clientY - before.clientY;
        draw();
      }
      moved ||= Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY) > 3;
      fingers.set(event.pointerId, event);
    });
    for (const type of ['pointerup', 'pointercancel']) stage.addEventListener(type, (event) => fingers.delete(event.pointerId));
    stage.addEventListener('click', (event) => {
      const box = image.getBoundingClientRect();
      if (event.target.closest('.spot-mark')) return;
      const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
      if (outside && !moved) dialog.close();
    });

    dialog.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (step && scale > 1) {
        x += step[0] * 60;
        y += step[1] * 60;
        draw();
      } else if (step && step[0]) show(at - step[0]);
      else if (event.key === '+' || event.key === '=') zoom(1.4);
      else if (event.key === '-') zoom(1 / 1.4);
      else if (event.key === '0') zoom(0);
      else return;
      event.preventDefault();
    });
  }

  opas.enhance((root) => {
    for (const picture of root.querySelectorAll('.prose figure img')) {
      if (picture.closest('a, button, .card')) continue;
      const shown = picture.closest('picture') ?? picture;
      const label = [opas.text('script', 'zoom'), picture.alt].filter(Boolean).join(': ');
      const button = opas.element('button', { class: 'zoomable', type: 'button', 'aria-label': label });
      shown.replaceWith(button);
      button.append(shown);
      button.addEventListener('click', () => {
        if (!dialog) build();
        pictures = [...document.querySelectorAll('.zoomable img')].filter((other) => other.offsetParent);
        dialog.showModal();
        show(Math.max(pictures.indexOf(picture), 0));
      });
    }
  });
})();
