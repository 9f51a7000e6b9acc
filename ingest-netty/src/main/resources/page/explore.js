// The tab in which expressions are asked: a bar for the time, and panels.

import * as catalog from './catalog.js';
import { el, fill, iconButton } from './dom.js';
import { metricText } from './format.js';
import { emptyCard, Panel } from './panel.js';
import { newPanel } from './state.js';
import { durationText, momentForInput, nextRange, parseDuration, RANGES, REFRESHES } from './time.js';

const LOOK_AGAIN_MILLIS = 2000;
const OFFERED = 12;

function show(input, text) {
  input.value = text;
  input.setAttribute('aria-invalid', 'false');
}

export class Explore {
  #state;
  #save;
  #panels = [];
  #bar = el('div.bar', { role: 'toolbar', 'aria-label': 'Time' });
  #range = this.#durationInput('Range', (seconds) => this.#moved({ range: seconds }));
  #moment = el('input.moment', {
    type: 'datetime-local', step: '1', 'aria-label': 'End',
    // A change comes with every digit, too.
    onblur: () => this.#moveTo(this.#moment),
    onkeydown: (event) => {
      if (event.key === 'Enter') {
        this.#moveTo(this.#moment);
      }
    },
  });
  #now = el('button', { type: 'button', onclick: () => this.#moved({ end: null }) }, 'Now');
  #step = this.#durationInput('Step', (seconds) => this.#moved({ step: seconds }), 'auto');
  #refreshes = el('select', {
    'aria-label': 'Refresh',
    onchange: (event) => this.#moved({ refresh: event.target.value === 'off' ? null : parseDuration(event.target.value) }),
  });
  #list = el('div.panels');
  #offer = el('div');
  #foot = el('p');
  #timer = 0;
  #lookAgain = 0;

  /** save(push) puts the state into the address bar, as a new entry of the history where push is true. */
  constructor(state, save) {
    this.#state = state;
    this.#save = save;
    const add = el('button', { type: 'button', onclick: () => this.#add('') }, '+ Add panel');
    this.element = el('div.explore', {}, this.#bar, this.#offer, this.#list, this.#foot);
    this.#foot.append(add);
    this.#makeBar();
    this.#showBar();
    this.#state.panels.forEach((panel) => this.#show(panel));
  }

  /** To be called when the element is in the page, for charts need its width. */
  open() {
    this.#runAll();
    this.#lookForSamples();
    if (this.#state.panels.length === 1 && this.#state.panels[0].expr === '') {
      this.focus();
    }
  }

  focus() {
    this.#panels[0]?.focus();
  }

  redraw() {
    this.#panels.forEach((panel) => panel.redraw());
  }

  close() {
    clearTimeout(this.#timer);
    clearTimeout(this.#lookAgain);
    this.#panels.forEach((panel) => panel.close());
  }

  #window() {
    const to = this.#state.end ?? Date.now() / 1000;
    return { from: to - this.#state.range, to, step: this.#state.step };
  }

  #runAll() {
    clearTimeout(this.#timer);
    const window = this.#window();
    const runs = Promise.allSettled(this.#panels.map((panel) => panel.run(window)));
    if (this.#state.refresh !== null && this.#state.end === null) {
      runs.then(() => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#refresh(), this.#state.refresh * 1000);
      });
    }
  }

  /** A page that nobody sees asks nothing. */
  #refresh() {
    if (document.hidden) {
      document.addEventListener('visibilitychange', () => this.#refresh(), { once: true });
    } else if (this.element.isConnected) {
      this.#runAll();
    }
  }

  /** After a change of the time: saves, shows and computes. */
  #moved(change) {
    Object.assign(this.#state, change);
    this.#save(true);
    this.#showBar();
    this.#runAll();
  }

  #zoom(from, to) {
    const unit = to - from > 120 ? 1 : 0.001;
    const rounded = (seconds) => Math.round(Math.round(seconds / unit) * unit * 1000) / 1000;
    this.#moved({ end: rounded(to), range: Math.max(0.01, rounded(to - from)) });
  }

  #widen(direction) {
    this.#moved({ range: Math.max(0.01, nextRange(this.#state.range, direction)) });
  }

  #shift(direction) {
    const { to } = this.#window();
    const end = Math.round(to + (direction * this.#state.range) / 2);
    this.#moved({ end: end >= Date.now() / 1000 ? null : end });
  }

  /** Built once, so that a click on it right after another change still meets what it was meant for. */
  #makeBar() {
    this.#bar.append(
      el('span.group', {},
        iconButton('earlier', 'Half a range earlier', () => this.#shift(-1)),
        iconButton('minus', 'Shorter range', () => this.#widen(-1)),
        this.#withChoices(this.#range, RANGES),
        iconButton('plus', 'Longer range', () => this.#widen(1)),
        iconButton('later', 'Half a range later', () => this.#shift(1))),
      el('span.group', {}, el('label', {}, 'until ', this.#moment), this.#now),
      el('span.group', {},
        el('label', {}, 'Step ', this.#withChoices(this.#step, ['auto', '1s', '10s', '30s', '1m', '5m', '1h']))),
      el('span.group', {}, el('label', {}, 'Refresh ', this.#refreshes)));
  }

  #showBar() {
    const { range, end, step, refresh } = this.#state;
    show(this.#range, durationText(range));
    show(this.#step, step === null ? 'auto' : durationText(step));
    this.#moment.defaultValue = end === null ? '' : momentForInput(end);
    this.#moment.value = this.#moment.defaultValue;
    this.#moment.classList.toggle('unset', end === null);
    this.#now.setAttribute('aria-pressed', String(end === null));
    const chosen = refresh === null ? 'off' : durationText(refresh);
    const texts = ['off', ...REFRESHES];
    fill(this.#refreshes, ...(texts.includes(chosen) ? texts : [chosen, ...texts]).map((text) => el('option', {}, text)));
    this.#refreshes.value = chosen;
  }

  #moveTo(input) {
    const millis = new Date(input.value).getTime();
    if (!Object.is(millis, new Date(input.defaultValue).getTime())) {
      this.#moved({ end: Number.isNaN(millis) ? null : millis / 1000 });
    }
  }

  /** An input of a duration; nothing is the text that stands for null, where there is one. */
  #durationInput(label, onchoose, nothing = null) {
    const input = el('input.duration', { list: `choices-${label.toLowerCase()}`, 'aria-label': label, spellcheck: 'false', autocomplete: 'off' });
    input.addEventListener('focus', () => input.select());
    input.addEventListener('change', () => {
      const written = input.value.trim();
      const seconds = written === nothing || (nothing !== null && written === '') ? null : parseDuration(written);
      const right = seconds === null || seconds > 0;
      input.setAttribute('aria-invalid', String(!right));
      if (right) {
        onchoose(seconds);
      }
    });
    return input;
  }

  #withChoices(input, texts) {
    return el('span', {}, input, el('datalist', { id: input.getAttribute('list') }, ...texts.map((one) => el('option', { value: one }))));
  }

  #show(panelState) {
    const panel = new Panel(panelState, {
      onchange: () => this.#save(false),
      onrun: () => { this.#save(true); this.#runAll(); },
      onremove: () => this.#remove(panel, panelState),
      onzoom: (from, to) => this.#zoom(from, to),
      onzoomout: () => this.#widen(1),
    });
    this.#panels.push(panel);
    this.#list.append(panel.element);
    return panel;
  }

  #add(expr) {
    const state = newPanel(expr);
    this.#state.panels.push(state);
    this.#show(state).focus();
    this.#save(true);
  }

  #remove(panel, panelState) {
    panel.close();
    panel.element.remove();
    this.#panels = this.#panels.filter((one) => one !== panel);
    this.#state.panels = this.#state.panels.filter((one) => one !== panelState);
    if (this.#panels.length === 0) {
      this.#add('');
    }
    this.#save(true);
  }

  /** As long as nothing is stored, says how to change that; then, what there is to look at. */
  async #lookForSamples() {
    const offered = this.#offer.childElementCount > 0;
    let metrics;
    try {
      metrics = offered && document.hidden ? [] : await catalog.metrics();
    } catch {
      // What is wrong with the server the panels say; where none is shown, it is looked at again.
      if (!offered) {
        return;
      }
      metrics = [];
    }
    if (!this.element.isConnected) {
      return;
    }
    const nothing = metrics.length === 0;
    this.#list.hidden = nothing;
    this.#bar.hidden = nothing;
    this.#foot.hidden = nothing;
    if (nothing) {
      if (this.#offer.childElementCount === 0) {
        fill(this.#offer, emptyCard());
      }
      catalog.forget();
      this.#lookAgain = setTimeout(() => this.#lookForSamples(), LOOK_AGAIN_MILLIS);
    } else {
      fill(this.#offer, this.#state.panels.every((panel) => panel.expr === '') ? this.#offered(metrics) : null);
    }
  }

  #offered(metrics) {
    const row = el('div.offered', {}, el('span.muted', {}, 'Stored: '), ...metrics.slice(0, OFFERED).map((name) =>
      el('button.chip', { type: 'button', onclick: () => { row.remove(); this.#panels[0].ask(metricText(name)); } }, name)),
    metrics.length > OFFERED ? el('span.muted', {}, ` and ${metrics.length - OFFERED} more`) : null);
    return row;
  }
}
