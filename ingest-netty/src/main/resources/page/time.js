// Durations, steps and moments.

const UNITS = { y: 31536000, w: 604800, d: 86400, h: 3600, m: 60, s: 1, ms: 0.001 };
const PART = /(\d+(?:\.\d+)?)(ms|[ywdhms])/gy;

/** Steps that make a chart's points fall on round times. */
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000,
];

export const RANGES = ['1m', '5m', '15m', '1h', '3h', '6h', '12h', '1d', '2d', '7d', '30d', '90d', '1y'];
export const REFRESHES = ['5s', '10s', '30s', '1m', '5m'];

/** Seconds of a text such as 1h30m, 90s or 90; NaN where it is none. */
export function parseDuration(text) {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    return Number(trimmed);
  }
  let seconds = 0;
  let at = 0;
  PART.lastIndex = 0;
  for (let part = PART.exec(trimmed); part !== null; part = PART.exec(trimmed)) {
    seconds += Number(part[1]) * UNITS[part[2]];
    at = PART.lastIndex;
  }
  return at > 0 && at === trimmed.length ? seconds : NaN;
}

/** The shortest exact text of a duration in seconds. */
export function durationText(seconds) {
  let rest = Math.round(seconds * 1000);
  let text = '';
  for (const [unit, length] of Object.entries(UNITS)) {
    const millis = Math.round(length * 1000);
    const count = unit === 'y' || unit === 'w' ? (rest % millis === 0 ? rest / millis : 0) : Math.floor(rest / millis);
    if (count > 0) {
      text += count + unit;
      rest -= count * millis;
    }
  }
  return text === '' ? '0s' : text;
}

/** A step with which a range fills a width in pixels, with a point every few of them. */
export function autoStep(rangeSeconds, widthPixels) {
  const points = Math.max(60, Math.min(600, widthPixels / 3));
  const wanted = rangeSeconds / points;
  return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
}

/** The next longer or shorter of the usual ranges. */
export function nextRange(seconds, direction) {
  const usual = RANGES.map(parseDuration);
  return direction > 0
    ? usual.find((range) => range > seconds) ?? seconds * 2
    : usual.findLast((range) => range < seconds) ?? seconds / 2;
}

function two(number) {
  return String(number).padStart(2, '0');
}

/** A moment of this place as 2026-01-31 12:00:00, with milliseconds where it has them. */
export function momentText(seconds) {
  const date = new Date(Math.round(seconds * 1000));
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const millis = date.getMilliseconds();
  return `${day} ${time}${millis === 0 ? '' : `.${String(millis).padStart(3, '0')}`}`;
}

/** What an input of type datetime-local holds. */
export function momentForInput(seconds) {
  return momentText(Math.round(seconds)).replace(' ', 'T');
}
