// The server's own statistics, read from what it tells scrapers.

import { ApiError, text } from './api.js';
import { unquoted } from './lexer.js';

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)=("(?:[^"\\]|\\.)*")/g;

/** Asks for the statistics: a map of names to lists of labels and value, and when they were asked, in seconds. */
export async function statistics(signal) {
  const { status, body } = await text('metrics', 'text/plain', signal);
  if (status !== 200) {
    throw new ApiError(status, `The server has no time for its statistics (${status}).`);
  }
  return parse(body, Date.now() / 1000);
}

/** Reads Prometheus's text format. */
export function parse(body, time) {
  const metrics = new Map();
  for (const line of body.split('\n')) {
    const match = LINE.exec(line);
    if (match !== null) {
      const labels = {};
      for (const [, name, value] of (match[2] ?? '').matchAll(LABEL)) {
        labels[name] = unquoted(value);
      }
      const list = metrics.get(match[1]) ?? [];
      list.push({ labels, value: number(match[3]) });
      metrics.set(match[1], list);
    }
  }
  return new Statistics(metrics, time);
}

function number(written) {
  return written === '+Inf' ? Infinity : Number(written);
}

class Statistics {
  #metrics;

  constructor(metrics, time) {
    this.#metrics = metrics;
    this.time = time;
  }

  all(name) {
    return this.#metrics.get(name) ?? [];
  }

  /** The sum of a metric over all that have these labels; NaN where there is none. */
  sum(name, labels = {}) {
    const found = this.all(name).filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
    return found.length === 0 ? NaN : found.reduce((sum, one) => sum + one.value, 0);
  }

  /** How much a counter grew in a second since earlier statistics; NaN without such, or where the server was restarted. */
  rate(earlier, name, labels = {}) {
    const grown = earlier === null ? NaN : this.sum(name, labels) - earlier.sum(name, labels);
    return grown >= 0 ? grown / Math.max(0.001, this.time - earlier.time) : NaN;
  }

  /** A quantile of what a histogram observed since earlier statistics; NaN where that is nothing. */
  quantile(earlier, name, quantile) {
    const before = new Map((earlier?.all(`${name}_bucket`) ?? []).map((one) => [one.labels.le, one.value]));
    const buckets = this.all(`${name}_bucket`)
      .map((one) => ({ bound: number(one.labels.le), count: one.value - (before.get(one.labels.le) ?? 0) }))
      .sort((a, b) => a.bound - b.bound);
    const total = buckets.at(-1)?.count ?? 0;
    const rank = quantile * total;
    const index = buckets.findIndex((bucket) => bucket.count >= rank);
    if (!(total > 0) || index < 0) {
      return NaN;
    }
    const low = index === 0 ? 0 : buckets[index - 1].bound;
    const below = index === 0 ? 0 : buckets[index - 1].count;
    const { bound, count } = buckets[index];
    return Number.isFinite(bound) ? low + ((bound - low) * (rank - below)) / Math.max(1e-9, count - below) : low;
  }
}
