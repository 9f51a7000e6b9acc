// One expression and what it comes to: a chart with its legend, or a table.

import { askAgain, call } from './api.js';
import { Chart } from './chart.js';
import { choice, copyButton, el, fill, iconButton } from './dom.js';
import { Editor, errorPlace } from './editor.js';
import { whole } from './format.js';
import { Legend } from './legend.js';
import { isHidden, layOut, toggled } from './series.js';
import { MOST_ROWS, resultTable } from './table.js';
import { autoStep, durationText } from './time.js';

/** More lines than this nobody can tell apart, and a browser takes long to draw them. */
const MOST_SERIES = 500;
/** The server's warning that a limit of the page has cut an answer. */
const CUT = 'results truncated due to limit';
const CHECK_AFTER_MILLIS = 350;

export class Panel {
  #panel;
  #handlers;
  #editor;
  #chart;
  #legend;
  #problem = el('div.problem', { role: 'alert', hidden: true });
  #notes = el('ul.notes', { hidden: true });
  #status = el('span.status', { 'aria-live': 'polite' });
  #body = el('div.panel-body');
  #views = el('div.panel-views');
  #running = null;
  #check = 0;
  #answer = null;

  /**
   * panel is its part of the state. Handlers: onchange() after the panel changed it, onrun() where all is to be computed anew,
   * onremove(), onzoom(from, to), onzoomout().
   */
  constructor(panel, handlers) {
    this.#panel = panel;
    this.#handlers = handlers;
    this.#editor = new Editor(panel.expr, { onrun: () => this.#submit(), onchange: () => this.#checkSoon() });
    this.#legend = new Legend({
      ontoggle: (one) => this.#hide(toggled(panel.hidden, one.name)),
      ononly: (one) => this.#hide(panel.hidden === `!${one.name}` ? '' : `!${one.name}`),
      onall: () => this.#hide(''),
      onpoint: (index) => this.#chart?.focus(index),
    });
    const run = el('button.primary', { type: 'button', onclick: () => this.#submit() }, 'Run');
    this.element = el('section.card.panel', { 'aria-label': 'Panel' },
      el('div.ask', {}, this.#editor.element, run,
        iconButton('close', 'Remove this panel', () => handlers.onremove())),
      this.#problem, this.#views, this.#notes, this.#body);
    this.#showViews();
    this.#body.append(el('p.muted.hint', {}, 'Enter runs it, Shift+Enter begins a line, Ctrl+Space completes.'));
  }

  focus() {
    this.#editor.focus();
  }

  /** Puts an expression in, as if it had been typed, and computes it. */
  ask(expr) {
    this.#editor.text = expr;
    this.#submit();
  }

  /** Computes the panel for a range in seconds. */
  async run({ from, to, step }) {
    this.stop();
    if (this.#panel.expr.trim() === '') {
      return;
    }
    const running = new AbortController();
    this.#running = running;
    this.element.classList.add('busy');
    const began = performance.now();
    try {
      const answer = this.#panel.view === 'graph'
        ? await this.#graph(from, to, step, running.signal)
        : await this.#table(to, running.signal);
      if (this.#running === running) {
        this.#answer = answer;
        this.#failed(null);
        this.#draw();
        this.#note(answer);
        this.#status.textContent = `${answer.summary} · ${whole(performance.now() - began)} ms`;
      }
    } catch (failure) {
      if (this.#running === running && failure.name !== 'AbortError') {
        this.#failed(failure.message);
        this.#status.textContent = '';
      }
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.element.classList.remove('busy');
      }
    }
  }

  /** Draws again what there is: the theme has changed. */
  redraw() {
    if (this.#answer !== null) {
      this.#draw();
    }
  }

  stop() {
    clearTimeout(this.#check);
    this.#running?.abort();
    this.#running = null;
    this.element.classList.remove('busy');
  }

  close() {
    this.stop();
    this.#chart?.close();
  }

  async #graph(from, to, wanted, signal) {
    const step = wanted ?? autoStep(to - from, this.element.clientWidth);
    // Points on multiples of the step do not dance when the range moves on; the last may lie ahead, so as to see what just came.
    const start = Math.floor(from / step) * step;
    const end = Math.ceil(to / step) * step;
    const envelope = await call('query_range',
      { query: this.#panel.expr, start: start.toFixed(3), end: end.toFixed(3), step, limit: MOST_SERIES }, signal);
    const laid = layOut(envelope.data.result, start, end, step);
    const points = laid.series.reduce((sum, one) => sum + one.points, 0);
    const odd = laid.series.reduce((sum, one) => sum + one.odd, 0);
    const notes = odd === 0 ? [] : [`${whole(odd)} points are NaN or infinite and are not drawn.`];
    return { view: 'graph', envelope, laid, from, to: end, notes,
      summary: `${whole(laid.series.length)} series · ${whole(points)} points · every ${durationText(step)}` };
  }

  async #table(to, signal) {
    const envelope = await call('query', { query: this.#panel.expr, time: to.toFixed(3), limit: MOST_ROWS }, signal);
    const { resultType, result } = envelope.data;
    const rows = resultType === 'vector' || resultType === 'matrix' ? `${whole(result.length)} series` : resultType;
    return { view: 'table', envelope, notes: [], summary: rows };
  }

  #draw() {
    const { view, envelope, laid, from, to } = this.#answer;
    const empty = view === 'graph' ? laid.series.length === 0 : envelope.data.result.length === 0;
    if (view === 'table' || empty) {
      this.#chart?.close();
      this.#chart = null;
    }
    if (empty) {
      fill(this.#body, el('p.nothing', {}, view === 'table'
        ? 'Nothing at this moment. Choose another, or look at the names and labels asked for.'
        : 'Nothing in this range. Widen it, or look at the names and labels asked for.'));
    } else if (view === 'table') {
      const { resultType, result } = envelope.data;
      fill(this.#body, resultTable(resultType, result));
    } else {
      this.#drawGraph(laid, from, to);
    }
  }

  #drawGraph(laid, from, to) {
    if (this.#chart === null || this.#chart === undefined) {
      this.#chart = new Chart({ onzoom: this.#handlers.onzoom, onzoomout: this.#handlers.onzoomout });
      fill(this.#body, this.#chart.element, this.#legend.element);
    }
    for (const one of laid.series) {
      one.hidden = isHidden(this.#panel.hidden, one.name);
    }
    this.#chart.draw({ ...laid, from, to, stacked: this.#panel.stacked, log: this.#panel.log });
    this.#legend.show(laid);
  }

  #submit() {
    askAgain();
    if (this.#panel.expr !== this.#editor.text) {
      this.#panel.hidden = '';
    }
    this.#panel.expr = this.#editor.text;
    this.#handlers.onrun();
  }

  #hide(hidden) {
    this.#panel.hidden = hidden;
    this.#handlers.onchange();
    this.redraw();
  }

  /** What is being written is checked when the writing pauses. */
  #checkSoon() {
    clearTimeout(this.#check);
    this.#failed(null);
    this.#check = setTimeout(async () => {
      const text = this.#editor.text;
      if (text.trim() === '') {
        return;
      }
      try {
        await call('parse_query', { query: text });
      } catch (failure) {
        const at = errorPlace(text, failure.message);
        // What is only unfinished is wrong at its end, as everything is while it is being written.
        if (text === this.#editor.text && at !== null && at.offset < text.trimEnd().length) {
          this.#failed(failure.message, 'soft');
        }
      }
    }, CHECK_AFTER_MILLIS);
  }

  /** Says what is wrong, and marks where; null where nothing is. */
  #failed(message, kind = '') {
    this.#problem.hidden = message === null;
    this.#problem.dataset.kind = kind;
    if (message === null) {
      this.#editor.mark(null);
      return;
    }
    const at = errorPlace(this.#editor.text, message);
    this.#editor.mark(at === null ? null : at.offset);
    fill(this.#problem, at === null ? null : el('code.where', { title: 'line:column' }, at.where),
      el('span', {}, at === null ? message : at.what));
  }

  #note({ view, envelope: { warnings = [], infos = [] }, notes }) {
    const cut = `There are more series; the first ${view === 'graph' ? MOST_SERIES : MOST_ROWS} are shown.`;
    const lines = [
      ...warnings.map((text) => el('li.warning', {}, text === CUT ? cut : text)),
      ...[...infos, ...notes].map((text) => el('li', {}, text)),
    ];
    this.#notes.hidden = lines.length === 0;
    fill(this.#notes, ...lines);
  }

  #showViews() {
    const set = (name) => (value) => {
      this.#panel[name] = value;
      this.#handlers.onchange();
      this.#showViews();
      if (name === 'view') {
        this.#handlers.onrun();
      } else {
        this.redraw();
      }
    };
    const graph = this.#panel.view === 'graph';
    fill(this.#views,
      choice('View', [['graph', 'Graph'], ['table', 'Table']], this.#panel.view, set('view')),
      graph ? choice('Lines', [[false, 'Lines'], [true, 'Stacked']], this.#panel.stacked, set('stacked')) : null,
      graph ? choice('Scale', [[false, 'Linear'], [true, 'Log']], this.#panel.log, set('log')) : null,
      el('button.link', { type: 'button', onclick: () => this.#format() }, 'Format'),
      this.#status);
  }

  async #format() {
    try {
      this.#editor.text = (await call('format_query', { query: this.#editor.text })).data;
    } catch (failure) {
      this.#failed(failure.message);
    }
  }
}

/** What is shown as long as nothing is stored. */
export function emptyCard() {
  const where = new URL('metrics', document.baseURI);
  const command = `curl ${where} -d '{"metrics":[{"name":"cpu_usage","value":42,"tags":{"host":"server1"}}]}'`;
  return el('section.card.empty', {},
    el('h1', {}, 'No samples yet'),
    el('p', {}, 'Send one, and this page will show it within seconds:'),
    el('pre.command', {}, command),
    el('p', {}, copyButton('Copy', () => command)),
    el('p.muted', {}, 'With key mode, add -H \'Authorization: Bearer KEY\'. A Prometheus can send what it scrapes with remote_write to ',
      el('code', {}, String(new URL('api/v1/write', document.baseURI))), '.'));
}
