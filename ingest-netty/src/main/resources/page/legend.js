// The list below a chart: what each line is, with buttons that hide and show it.

import { el, fill } from './dom.js';
import { quoted, labelText, short } from './format.js';

const SHOWN_FIRST = 50;

export class Legend {
  #body = el('tbody');
  #common = el('div.common');
  #more = el('div.more');
  #head;
  #all = false;
  #handlers;

  /** ontoggle(series), ononly(series), onall() and onpoint(index or null). */
  constructor(handlers) {
    this.#handlers = handlers;
    this.#head = el('tr', {}, el('th', { scope: 'col' }, 'Series'),
      ...['Last', 'Min', 'Max', 'Mean'].map((text) => el('th.number', { scope: 'col' }, text)));
    const table = el('table.legend', {}, el('thead', {}, this.#head), this.#body);
    table.addEventListener('mouseleave', () => handlers.onpoint(null));
    this.element = el('div.legend-box', {}, this.#common, el('div.scroll', {}, table), this.#more);
  }

  show({ series, common }) {
    const shared = Object.entries(common).filter(([key]) => key !== '__name__');
    const name = common.__name__;
    fill(this.#common, ...(shared.length + (name ? 1 : 0) === 0 ? [] : [
      el('span.muted', {}, 'All: '), name ? el('b', {}, name) : null,
      ...shared.map(([key, value]) => el('code.chip', {}, `${labelText(key)}=${quoted(value)}`)),
    ]));
    const listed = this.#all ? series : series.slice(0, SHOWN_FIRST);
    fill(this.#body, ...listed.map((one, index) => this.#row(one, index)));
    const rest = series.length - listed.length;
    const anyHidden = series.some((one) => one.hidden);
    fill(this.#more,
      rest > 0 ? el('button.link', { type: 'button', onclick: () => { this.#all = true; this.show({ series, common }); } },
        `List ${rest} more`) : null,
      anyHidden ? el('button.link', { type: 'button', onclick: () => this.#handlers.onall() }, 'Show all') : null,
      series.length > 1 ? el('span.muted.hint', {}, 'Click hides a line, Ctrl+click shows it alone.') : null);
  }

  #row(one, index) {
    const mark = el('i.swatch');
    mark.style.background = one.hidden ? '' : one.colour;
    const button = el('button.series', {
      type: 'button', title: one.text, 'aria-pressed': String(!one.hidden),
      onclick: (event) => (event.ctrlKey || event.metaKey ? this.#handlers.ononly(one) : this.#handlers.ontoggle(one)),
      onfocus: () => this.#handlers.onpoint(one.hidden ? null : index),
      onblur: () => this.#handlers.onpoint(null),
    }, mark, el('span', {}, one.label));
    return el(one.hidden ? 'tr.hidden-series' : 'tr', {
      onmouseenter: () => this.#handlers.onpoint(one.hidden ? null : index),
    }, el('td', {}, button),
    ...[one.last, one.min, one.max, one.mean].map((value) => el('td.number', {}, short(value, 5))));
  }
}
