// The page: tabs, theme, the key, and the state in the address bar.

import { askAgain, askKeysWith, key, setKey } from './api.js';
import { CardinalityTab } from './cardinality.js';
import { ClientsTab } from './clients.js';
import { el, fill, icon, iconButton } from './dom.js';
import { Explore } from './explore.js';
import { askForKey } from './key.js';
import { ServerTab } from './server.js';
import { hashOfGraphLink, readState, writeState } from './state.js';

const TABS = [
  ['explore', 'Explore', (state, save) => new Explore(state, save)],
  ['cardinality', 'Cardinality', (state, save) => new CardinalityTab(state, save)],
  ['clients', 'Clients', () => new ClientsTab()],
  ['server', 'Server', () => new ServerTab()],
];
const THEME = 'metricstream.theme';

const content = document.getElementById('content');
let shown = null;
let written = '';

/** Shows what the address bar says. */
function show() {
  written = location.hash;
  askAgain();
  const state = readState(location.hash);
  const [name, , make] = TABS.find(([one]) => one === state.tab) ?? TABS[0];
  state.tab = name;
  shown?.close();
  shown = make(state, (push) => save(state, push));
  fill(content, shown.element);
  showTabs(name);
  shown.open();
}

function save(state, push) {
  const hash = writeState(state);
  if (hash !== written) {
    written = hash;
    history[push ? 'pushState' : 'replaceState'](null, '', hash);
  }
}

/** Goes on at the page's own address where a link in Prometheus's form led here. */
function followGraphLink() {
  const hash = hashOfGraphLink(location.search);
  if (hash !== '' && location.hash === '') {
    history.replaceState(null, '', `./${hash}`);
  }
}

function showTabs(current) {
  fill(document.getElementById('tabs'), ...TABS.map(([name, title]) => el('a', {
    href: `#${name}`, 'aria-current': name === current ? 'page' : null,
  }, title)));
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
}

function switchTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // It holds for this page, then.
  }
  onTheme();
}

function onTheme() {
  showTools();
  shown?.redraw?.();
}

function showTools() {
  const theme = iconButton(isDark() ? 'sun' : 'moon', isDark() ? 'Light theme' : 'Dark theme', switchTheme);
  const forgetKey = key() === null ? null : el('button.quiet', {
    type: 'button', title: 'Forget the key', 'aria-label': 'Forget the key',
    onclick: () => { setKey(null); show(); },
  }, icon('key'));
  fill(document.getElementById('tools'), forgetKey, theme);
}

askKeysWith(askForKey, showTools);
document.querySelector('.skip').addEventListener('click', (event) => {
  // The address bar holds what is shown, so the link must not go there.
  event.preventDefault();
  content.focus();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onTheme);
addEventListener('popstate', () => {
  if (location.hash !== written) {
    show();
  }
});
addEventListener('keydown', (event) => {
  const writes = event.target.closest?.('input, textarea, select, dialog') !== null;
  if (event.key === '/' && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    shown?.focus?.();
  }
});
showTools();
followGraphLink();
show();
