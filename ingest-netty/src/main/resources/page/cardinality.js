// The tab about how many series there are, and because of what.

import { call } from './api.js';
import { el, fill } from './dom.js';
import { bytes, labelText, metricText, quoted, whole } from './format.js';
import { newPanel, writeState } from './state.js';

/** List in the answer, title, how its numbers are written, and the expression that a name leads to. */
const LISTS = [
  ['seriesCountByMetricName', 'Metrics with the most series', whole, metricText],
  ['labelValueCountByLabelName', 'Labels with the most values', whole, (name) => `count by (${labelText(name)}) ({${labelText(name)}!=""})`],
  ['seriesCountByLabelValuePair', 'Pairs with the most series', whole, pairText],
  ['seriesCountByLabelName', 'Labels of the most series', whole, (name) => `count({${labelText(name)}!=""})`],
  ['memoryInBytesByLabelName', 'Labels whose values take the most bytes', bytes, null],
];

function pairText(pair) {
  const at = pair.indexOf('=');
  return `{${labelText(pair.slice(0, at))}=${quoted(pair.slice(at + 1))}}`;
}

/** The address at which an expression is shown as a table. */
function link(expr) {
  return writeState({
    tab: 'explore', range: 3600, end: null, step: null, refresh: null, panels: [{ ...newPanel(expr), view: 'table' }],
  });
}

export class CardinalityTab {
  #state;
  #save;
  #numbers = el('p.numbers');
  #lists = el('div.halves');
  #problem = el('div.problem', { role: 'alert', hidden: true });
  #input;
  #top;
  #asked = null;

  constructor(state, save) {
    this.#state = state;
    this.#save = save;
    this.#input = el('input.selector', { value: state.match, placeholder: 'all series, or a selector such as {host="server1"}', 'aria-label': 'Selector' });
    this.#input.addEventListener('change', () => {
      this.#state.match = this.#input.value.trim();
      this.#save(true);
      this.#count();
    });
    this.#top = el('select', { 'aria-label': 'How many', onchange: () => this.#count() },
      ...[10, 20, 50, 100].map((count) => el('option', {}, count)));
    this.element = el('div.cardinality', {},
      el('div.bar', {}, el('label', {}, 'Series ', this.#input), el('label', {}, 'Top ', this.#top),
        el('button', { type: 'button', onclick: () => this.#count() }, 'Count again')),
      this.#problem, this.#numbers, this.#lists);
  }

  open() {
    this.#count();
  }

  close() {
    this.#asked?.abort();
  }

  async #count() {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      const match = this.#state.match === '' ? {} : { 'match[]': this.#state.match };
      const { data, warnings = [] } = await call('status/tsdb', { limit: this.#top.value, ...match }, asked.signal);
      this.#problem.hidden = true;
      fill(this.#numbers, el('b', {}, whole(data.headStats.numSeries)), ' series, ',
        el('b', {}, whole(data.headStats.numLabelPairs)), ' pairs of label and value',
        ...warnings.map((text) => el('span.warning', {}, ` · ${text}`)));
      fill(this.#lists, ...LISTS.filter(([name]) => data[name]?.length > 0)
        .map(([name, title, shown, expr]) => section(title, data[name], shown, expr)));
    } catch (failure) {
      if (failure.name !== 'AbortError') {
        this.#problem.hidden = false;
        this.#problem.textContent = failure.message;
      }
    }
  }
}

function section(title, entries, shown, expr) {
  const most = Math.max(...entries.map((one) => one.value), 1);
  return el('section.card', {}, el('h2', {}, title), el('div.scroll', {}, el('table', {}, el('tbody', {},
    ...entries.map(({ name, value }) => el('tr', {},
      el('td', {}, expr === null ? el('code', {}, name) : el('a', { href: link(expr(name)) }, el('code', {}, name))),
      el('td.share', {}, el('meter', { min: 0, max: most, value, 'aria-label': 'Share' })),
      el('td.number', {}, shown(value))))))));
}
