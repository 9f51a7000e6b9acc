// A chart: uPlot, with stacking, a reading under the pointer, and times and colours of this page.

import uPlot from './uplot.js';
import { el, fill } from './dom.js';
import { short } from './format.js';
import { momentText } from './time.js';

const HEIGHT = 320;
/** Beyond it the others are not dimmed while one is pointed at, which draws all of them anew. */
const DIMMED = 80;
const DAY = 86400;
/** What differs by less of its size is drawn as the same: there are no ticks between such numbers, and uPlot would look forever. */
const SAME = 1e-9;
/** The least that has a place on a logarithmic scale; uPlot has no ticks for less. */
const LEAST = 1e-30;

/** Texts of times, by the distance of the ticks; what changes with the day is in a second line. */
const TIMES = [
  [365 * DAY, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * DAY, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [DAY, '{D} {MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM} {YYYY}', null, '\n{D} {MMM}', null, null, null, 1],
  [0.001, '{ss}.{fff}', '\n{D} {MMM} {YYYY} {HH}:{mm}', null, '\n{D} {MMM} {HH}:{mm}', null, '\n{HH}:{mm}', null, 1],
];

/** A colour of the style sheet as the canvas takes it. */
function colour(name) {
  const probe = el('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Points without neighbours, which no line shows. */
function lonely(values) {
  const found = [];
  for (let i = 0; i < values.length; i++) {
    const alone = (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null;
    if (alone && (values[i] ?? null) !== null) {
      found.push(i);
    }
  }
  return found;
}

function drawable(value, log) {
  return value !== null && Number.isFinite(value) && (!log || value >= LEAST) ? value : null;
}

/** The values as they are drawn: one upon the other where they are stacked. */
function drawn(series, stacked, log) {
  const plain = series.map((one) => one.values.map((value) => drawable(value, log)));
  if (!stacked) {
    return plain;
  }
  const sums = { up: new Map(), down: new Map() };
  const any = (plain[0] ?? []).map((_, at) => plain.some((values, index) => !series[index].hidden && values[at] !== null));
  return plain.map((values, index) => values.map((value, at) => {
    if (series[index].hidden || !any[at]) {
      return null;
    }
    const sum = isBelow(series[index]) ? sums.down : sums.up;
    sum.set(at, (sum.get(at) ?? 0) + (value ?? 0));
    return sum.get(at);
  }));
}

/** Whether it is stacked downwards from 0, as what is mostly negative is. */
function isBelow(one) {
  return one.mean < 0;
}

export class Chart {
  #host;
  #reading = el('div.reading', { hidden: true });
  #plot = null;
  #content = null;
  #observer;
  #onzoom;
  #onzoomout;

  /** onzoom(from, to) in seconds: a stretch of time was marked; onzoomout: the opposite is wanted. */
  constructor({ onzoom, onzoomout }) {
    this.#onzoom = onzoom;
    this.#onzoomout = onzoomout;
    this.#host = el('div.plot');
    this.element = el('div.chart', {}, this.#host, this.#reading);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.element);
  }

  /** Shows times and series from one moment to another; series that are hidden keep their colours. */
  draw(content) {
    this.#content = content;
    this.#plot?.destroy();
    this.#plot = null;
    this.#reading.hidden = true;
    const width = this.element.clientWidth;
    if (width > 0) {
      const values = drawn(content.series, content.stacked, content.log);
      this.#plot = new uPlot(this.#options(content, width), [content.times, ...values], this.#host);
    }
  }

  /** Dims all but one series; null for none. */
  focus(index) {
    if (this.#plot !== null && this.#content.series.length <= DIMMED) {
      this.#plot.setSeries(index === null ? null : index + 1, { focus: true });
    }
  }

  close() {
    this.#observer.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #resize() {
    const width = this.element.clientWidth;
    if (this.#plot === null && this.#content !== null) {
      this.draw(this.#content);
    } else if (this.#plot !== null && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: HEIGHT });
    }
  }

  #options({ series, stacked, log, from, to }, width) {
    const text = colour('muted');
    const grid = { stroke: colour('grid'), width: 1 };
    const axis = { stroke: text, grid, ticks: { ...grid, size: 5 }, font: '11px system-ui, sans-serif' };
    return {
      width,
      height: HEIGHT,
      legend: { show: false },
      padding: [10, 20, 0, 0],
      focus: { alpha: 0.2 },
      cursor: {
        // Each panel draws all of them anew, so a zoom is told to one only.
        sync: { key: 'panels', setSeries: false, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
        drag: { x: true, y: false, setScale: false },
        focus: { prox: series.length > DIMMED ? -1 : 24 },
        points: { size: 7 },
        bind: { dblclick: () => () => { this.#onzoomout(); return null; } },
      },
      scales: {
        x: { time: true, range: () => [from, to] },
        y: log ? { distr: 3 } : { range: (_, min, max) => this.#yRange(min, max, stacked) },
      },
      axes: [
        { ...axis, values: TIMES, space: 70 },
        { ...axis, size: (_, values) => 18 + 7 * Math.max(2, ...(values ?? []).map((value) => (value ?? '').length)),
          values: (_, ticks) => ticks.map((value) => (value === null ? '' : short(value, 5))) },
      ],
      series: [{}, ...series.map((one) => ({
        label: one.label,
        show: !one.hidden,
        stroke: one.colour,
        width: 1.5,
        fill: stacked ? `${one.colour}66` : undefined,
        points: { show: true, size: 5, fill: one.colour, filter: (plot, index) => lonely(plot.data[index]) },
      }))],
      bands: stacked ? bands(series) : [],
      hooks: {
        setCursor: [(plot) => this.#read(plot)],
        setSelect: [(plot) => this.#select(plot)],
      },
    };
  }

  /** With 0 where that is near, or where lengths count from there; else as wide as the lines need. */
  #yRange(min, max, stacked) {
    if (min === null || max === null) {
      return [0, 1];
    }
    const height = max - min > SAME * Math.max(Math.abs(min), Math.abs(max)) ? max - min : 0;
    const room = height === 0 ? Math.abs(min) * 0.1 || 1 : height * 0.05;
    const near = (value) => stacked || (height > 0 && Math.abs(value) <= height);
    return [min >= 0 && near(min) ? 0 : min - room, max <= 0 && near(max) ? 0 : max + room];
  }

  #select(plot) {
    const { left, width } = plot.select;
    if (width > 4) {
      const from = plot.posToVal(left, 'x');
      const to = plot.posToVal(left + width, 'x');
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      this.#onzoom(from, to);
    }
  }

  /** Says what the line nearest to the pointer has there. */
  #read(plot) {
    const { idx, left, top } = plot.cursor;
    const pointed = idx !== null && idx !== undefined && left >= 0 && plot.over.matches(':hover');
    const index = pointed ? this.#nearest(plot, idx, top) : -1;
    this.#reading.hidden = index < 0;
    if (index < 0) {
      return;
    }
    const one = this.#content.series[index];
    const mark = el('i.swatch');
    mark.style.background = one.colour;
    fill(this.#reading,
      el('time', {}, momentText(this.#content.times[idx])),
      el('div', {}, mark, el('span', {}, one.label), el('b', {}, short(one.values[idx], 6))));
    const room = this.element.clientWidth - this.#reading.offsetWidth - 8;
    const x = left + plot.over.offsetLeft + 14;
    this.#reading.style.left = `${Math.max(0, x > room ? Math.min(room, x - this.#reading.offsetWidth - 28) : x)}px`;
    this.#reading.style.top = `${Math.max(0, top + plot.over.offsetTop - 50)}px`;
  }

  #nearest(plot, idx, top) {
    let best = -1;
    let bestDistance = Infinity;
    this.#content.series.forEach((one, index) => {
      const value = plot.data[index + 1][idx];
      if (!one.hidden && value !== null && value !== undefined && one.values[idx] !== null) {
        const distance = Math.abs(plot.valToPos(value, 'y') - top);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = index;
        }
      }
    });
    return best;
  }
}

/** Each series is filled to the one that is shown next to it, nearer to 0. */
function bands(series) {
  return [false, true].flatMap((below) => {
    const shown = series.map((one, index) => (one.hidden || isBelow(one) !== below ? 0 : index + 1)).filter((index) => index > 0);
    return shown.slice(1).map((index, nearer) => ({ series: [index, shown[nearer]], dir: below ? 1 : -1 }));
  });
}
