// Numbers and series as people read them.

const PREFIXES = [[1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
const BINARY = [[2 ** 40, 'TiB'], [2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']];
const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const PLAIN_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** So many significant digits, without zeros at the end. */
function digits(value, count) {
  return String(Number(value.toPrecision(count)));
}

/** A short form: 1.234k, 0.25, 1e-9. */
export function short(value, significant = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return value === null || value === undefined ? '–' : 'NaN';
  }
  if (!Number.isFinite(value)) {
    return value > 0 ? '+Inf' : '−Inf';
  }
  const size = Math.abs(value);
  if (size >= 1e18) {
    return value.toExponential(2);
  }
  for (const [unit, letter] of PREFIXES) {
    if (size >= unit) {
      return digits(value / unit, significant) + letter;
    }
  }
  return digits(value, significant);
}

/** A whole number with its thousands apart. */
export function whole(value) {
  return Number.isFinite(value) ? GROUPED.format(value) : '–';
}

/** Bytes with a binary unit. */
export function bytes(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  for (const [unit, name] of BINARY) {
    if (Math.abs(value) >= unit) {
      return `${digits(value / unit, 3)} ${name}`;
    }
  }
  return `${digits(value, 3)} B`;
}

/** A text as PromQL writes it, with escapes for what cannot be seen or turns the direction of writing. */
export function quoted(text) {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
    .replaceAll(UNSEEN, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
}

/** The name of a label as it may stand in a selector. */
export function labelText(name) {
  return PLAIN_LABEL.test(name) ? name : quoted(name);
}

/** The name of a metric as an expression. */
export function metricText(name) {
  return PLAIN_NAME.test(name) ? name : `{${quoted(name)}}`;
}

/** A series as an expression that selects it; {} for one without labels. */
export function seriesText(labels) {
  const name = labels.__name__ ?? '';
  const plain = PLAIN_NAME.test(name);
  const parts = Object.keys(labels).filter((key) => key !== '__name__').sort()
    .map((key) => `${labelText(key)}=${quoted(labels[key])}`);
  if (name !== '' && !plain) {
    parts.unshift(quoted(name));
  }
  if (parts.length === 0) {
    return plain ? name : '{}';
  }
  return `${plain ? name : ''}{${parts.join(', ')}}`;
}

/** Splits what all of these series have in common from what tells each of them apart. */
export function commonLabels(all) {
  const common = { ...all[0] };
  for (const labels of all) {
    for (const key of Object.keys(common)) {
      if (labels[key] !== common[key]) {
        delete common[key];
      }
    }
  }
  return common;
}
