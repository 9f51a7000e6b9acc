// What is stored, by name: asked once and remembered for a minute.

import { call } from './api.js';
import { metricText } from './format.js';

const KEEP_MILLIS = 60_000;
const MOST = 20_000;

const known = new Map();

function remembered(what, ask) {
  const entry = known.get(what);
  const now = performance.now();
  if (entry !== undefined && now - entry.at < KEEP_MILLIS) {
    return entry.promise;
  }
  const promise = ask();
  known.set(what, { at: now, promise });
  promise.catch(() => known.delete(what));
  return promise;
}

function match(metric) {
  return metric === null ? {} : { 'match[]': metricText(metric) };
}

/** Forgets all, so that the next question goes to the server. */
export function forget() {
  known.clear();
}

export function metrics() {
  return remembered('metrics', async () => (await call('label/__name__/values', { limit: MOST })).data);
}

/** The type of each metric. */
export function types() {
  return remembered('types', async () => {
    const { data } = await call('metadata', { limit: MOST });
    return new Map(Object.entries(data).map(([name, found]) => [name, found.map((one) => one.type).join(', ')]));
  });
}

/** Names of labels, of one metric or of all (null). */
export function labels(metric) {
  return remembered(`labels ${metric ?? ''}`, async () => {
    const { data } = await call('labels', { limit: MOST, ...match(metric) });
    return data.filter((label) => label !== '__name__');
  });
}

/** Values of a label, in one metric or in all (null). */
export function values(label, metric) {
  // Names that do not fit into a path are escaped as Prometheus has it.
  const plain = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && !label.startsWith('U__');
  const name = plain ? label : `U__${[...label].map(escaped).join('')}`;
  return remembered(`values ${label} ${metric ?? ''}`, async () =>
    (await call(`label/${name}/values`, { limit: MOST, ...match(metric) })).data);
}

function escaped(character) {
  if (character === '_') {
    return '__';
  }
  return /[a-zA-Z0-9:]/.test(character) ? character : `_${character.codePointAt(0).toString(16)}_`;
}
