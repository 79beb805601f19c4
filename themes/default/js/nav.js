/** The own entry of the navigation is in sight, and the drawer closes when its job is done. */
(() => {
  'use strict';
  const nav = document.getElementById('nav');
  const own = nav?.querySelector('[aria-current]');
  const show = () => {
    if (own && nav.scrollHeight > nav.clientHeight) {
      nav.scrollTop = own.getBoundingClientRect().top - nav.getBoundingClientRect().top + nav.scrollTop - nav.clientHeight / 3;
    }
  };
  show();
  nav?.addEventListener('toggle', show);
  for (const menu of document.querySelectorAll('.menu')) {
    menu.addEventListener('toggle', (event) => {
      if (event.newState === 'open') menu.querySelector('[aria-current], :checked, a')?.focus();
    });
  }
})();
