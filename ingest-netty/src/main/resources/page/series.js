// The answer of a range query, laid out for a chart.

import { commonLabels, seriesText } from './format.js';
import { shortName } from './state.js';

/** Distinct on light and on dark; the first ones are the farthest apart. */
const COLOURS = [
  '#3b82f6', '#f59e0b', '#10b981', '#ef4444', '#8b5cf6', '#06b6d4', '#ec4899', '#84cc16', '#f97316', '#6366f1',
  '#14b8a6', '#a855f7', '#ca8a04', '#f43f5e', '#0ea5e9', '#65a30d',
];

function number(text) {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}

/** Times of all steps, and for each series its text, short name, colour, and a value or null for each time. */
export function layOut(matrix, start, end, step) {
  const length = Math.floor((end - start) / step + 1e-6) + 1;
  const times = Array.from({ length }, (_, index) => start + index * step);
  const common = matrix.length > 1 ? commonLabels(matrix.map((one) => one.metric)) : {};
  const series = matrix.map((one, index) => {
    const values = new Array(length).fill(null);
    for (const [time, value] of one.values ?? []) {
      values[Math.round((time - start) / step)] = number(value);
    }
    const text = seriesText(one.metric);
    const own = Object.fromEntries(Object.entries(one.metric).filter(([key]) => !(key in common)));
    return {
      text, name: shortName(text), label: seriesText(own), colour: COLOURS[index % COLOURS.length], values,
      ...summary(values),
    };
  });
  return { times, series, common };
}

/** What a legend says of a series, of its numbers alone; those that are NaN or infinite are counted as odd. */
function summary(values) {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  let odd = 0;
  let last = null;
  for (const value of values) {
    if (value !== null) {
      last = value;
      if (Number.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        count++;
      } else {
        odd++;
      }
    }
  }
  return count === 0
    ? { last, min: null, max: null, mean: null, points: 0, odd }
    : { last, min, max, mean: sum / count, points: count, odd };
}

/** Which series a text of short names hides: "a.b" hides those, "!a.b" all but those. */
export function isHidden(hidden, name) {
  if (hidden === '') {
    return false;
  }
  const only = hidden.startsWith('!');
  return hidden.slice(only ? 1 : 0).split('.').includes(name) !== only;
}

/** The text with which one series more is hidden, or one less. */
export function toggled(hidden, name) {
  const only = hidden.startsWith('!');
  const names = hidden.slice(only ? 1 : 0).split('.').filter((one) => one !== '');
  const rest = names.filter((one) => one !== name);
  const now = rest.length === names.length ? [...names, name] : rest;
  return now.length === 0 ? '' : (only ? '!' : '') + now.join('.');
}
