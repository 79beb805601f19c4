/** Marks the section that is being read in the list at the side. */
(() => {
  'use strict';
  const { opas } = window;

  opas.enhance((root) => {
    const toc = root.querySelector('.toc');
    if (!toc) return;
    let waiting = false;
    const mark = () => {
      waiting = false;
      // Looked up each time: while a portal is written, headings come and go.
      const links = [...toc.querySelectorAll('a[href^="#"]')];
      const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
      const line = Math.min(160, innerHeight / 3);
      let current = -1;
      targets.forEach((target, i) => {
        if (target && target.getBoundingClientRect().top <= line) current = i;
      });
      if (scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2) {
        const last = targets.findLastIndex((target) => target && target.getBoundingClientRect().top < innerHeight);
        if (last > current) current = last;
      }
      links.forEach((link, i) => {
        if (i === current) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      });
    };
    const later = () => {
      if (!waiting) requestAnimationFrame(mark);
      waiting = true;
    };
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later, { passive: true });
    toc.addEventListener('click', (event) => {
      if (event.target.closest('a') && toc.matches(':popover-open')) toc.hidePopover();
    });
    mark();
  });
})();
