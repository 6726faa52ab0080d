// What the browser does by itself: theme, keyboard, and coming back after the connection was lost.
(() => {
  'use strict';
  const root = document.documentElement;
  const theme = () => root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

  try {
    const chosen = localStorage.getItem('aicd-theme');
    if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  } catch { /* storage may be forbidden: then the system's preference holds */ }

  function toggleTheme() {
    root.dataset.theme = theme() === 'dark' ? 'light' : 'dark';
    try { localStorage.setItem('aicd-theme', root.dataset.theme); } catch { /* for this page only */ }
  }

  const rows = () => [...document.querySelectorAll('[data-row]')].filter(row => row.offsetParent !== null);

  function move(step) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(document.activeElement);
    const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  }

  function scrub(step) {
    const slider = document.querySelector('[data-scrub]');
    if (!slider) return;
    slider.value = Number(slider.value) + step;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }

  // A link's click lets the pages change without loading anew.
  function go(path) {
    const link = document.querySelector(`.top a[href="${path}"]`);
    if (link) link.click(); else location.assign(path);
  }

  let leader = 0;
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target.closest && target.closest('input:not([type=range]):not([type=checkbox]), textarea, select, dialog')) {
      if (event.key === 'Escape' && !target.closest('dialog')) target.blur();
      return;
    }
    const led = Date.now() - leader < 1200;
    leader = 0;
    const help = document.getElementById('keyboard-help');
    switch (event.key) {
      case '/': {
        const search = document.querySelector('[data-search]');
        if (search) { search.focus(); search.select(); } else { go('/jobs'); }
        break;
      }
      case '?': if (help) help.showModal(); break;
      case 'j': if (led) go('/jobs'); else move(1); break;
      case 'k': move(-1); break;
      case 'g': leader = Date.now(); break;
      case 'b': if (led) go('/'); else return; break;
      case 'n': go('/new'); break;
      case '[': scrub(-1); break;
      case ']': scrub(1); break;
      case 'x': {
        const box = document.activeElement.closest('[data-item]')?.querySelector('input[type=checkbox]');
        if (box) box.click();
        break;
      }
      default: return;
    }
    event.preventDefault();
  });

  document.addEventListener('click', event => {
    if (event.target.closest('[data-skip]')) { event.preventDefault(); document.getElementById('main').focus(); }
    if (event.target.closest('[data-theme-toggle]')) toggleTheme();
    if (event.target.closest('[data-help]')) document.getElementById('keyboard-help')?.showModal();
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(event.target) || event.target.closest('.menu-body a, .menu-body button')) menu.open = false;
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    if (!window.Blazor) return;
    // The server's node may be starting anew: it is asked again for as long as the page is open.
    document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', event => {
      if (event.detail.state === 'rejected' || event.detail.state === 'resume-failed' || event.detail.state === 'failed') location.reload();
    });
    Blazor.start({
      circuit: {
        reconnectionOptions: { maxRetries: 1000000, retryIntervalMilliseconds: attempt => attempt < 5 ? 300 : attempt < 30 ? 1000 : 5000 },
      },
    });
  });
})();
