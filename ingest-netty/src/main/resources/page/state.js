// What the page shows, all of it in the address bar, so that a link shows the same.

import { durationText, parseDuration } from './time.js';

const START = { range: 3600, end: null, step: null, refresh: null };

/** A panel that shows nothing yet. */
export function newPanel(expr = '') {
  return { expr, view: 'graph', stacked: false, log: false, hidden: '' };
}

function positive(text) {
  const seconds = text === null ? NaN : parseDuration(text);
  return seconds > 0 ? seconds : null;
}

/** Reads an address's hash; whatever cannot be read is as at the start. */
export function readState(hash) {
  const [tab, query = ''] = hash.replace(/^#/, '').split('?', 2);
  const values = new URLSearchParams(query);
  const end = values.get('end');
  const options = values.getAll('o');
  const hidden = values.getAll('h');
  const panels = values.getAll('q').map((expr, index) => {
    const words = (options[index] ?? '').split('.');
    return {
      expr,
      view: words.includes('table') ? 'table' : 'graph',
      stacked: words.includes('stacked'),
      log: words.includes('log'),
      hidden: hidden[index] ?? '',
    };
  });
  return {
    tab,
    match: values.get('match') ?? '',
    range: positive(values.get('range')) ?? START.range,
    end: end !== null && Number.isFinite(Number(end)) ? Number(end) : START.end,
    step: positive(values.get('step')),
    refresh: positive(values.get('refresh')),
    panels: panels.length === 0 ? [newPanel()] : panels,
  };
}

/** The hash that {@link readState} makes the same state of. */
export function writeState(state) {
  const values = new URLSearchParams();
  if (state.tab !== 'explore') {
    if (state.match !== '') {
      values.set('match', state.match);
    }
    return `#${state.tab}${values.size > 0 ? `?${values}` : ''}`;
  }
  values.set('range', durationText(state.range));
  if (state.end !== null) {
    values.set('end', String(state.end));
  }
  for (const name of ['step', 'refresh']) {
    if (state[name] !== null) {
      values.set(name, durationText(state[name]));
    }
  }
  const optional = state.panels.some((panel) => optionsOf(panel) !== '');
  const hiding = state.panels.some((panel) => panel.hidden !== '');
  for (const panel of state.panels) {
    values.append('q', panel.expr);
    if (optional) {
      values.append('o', optionsOf(panel));
    }
    if (hiding) {
      values.append('h', panel.hidden);
    }
  }
  return `#explore?${values}`;
}

/** The hash for what a link in Prometheus's form shows, as alerts have such links; empty where it shows nothing. */
export function hashOfGraphLink(search) {
  const values = new URLSearchParams(search);
  const panels = [];
  for (let i = 0; values.has(`g${i}.expr`); i++) {
    const drawn = ['0', 'graph'].includes(values.get(`g${i}.tab`));
    panels.push({ ...newPanel(values.get(`g${i}.expr`)), view: drawn ? 'graph' : 'table' });
  }
  return panels.length === 0 ? '' : writeState({ ...START, tab: 'explore', panels });
}

function optionsOf(panel) {
  return [panel.view === 'table' ? 'table' : '', panel.stacked ? 'stacked' : '', panel.log ? 'log' : '']
    .filter((word) => word !== '').join('.');
}

/** A short name of a series for the address bar (FNV-1a, 32 bits): which are hidden must survive a change of their order. */
export function shortName(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash.toString(36);
}
