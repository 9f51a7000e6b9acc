// What could stand at a place in an expression.

import * as catalog from './catalog.js';
import { labelText, metricText, quoted } from './format.js';
import { tokens, unquoted } from './lexer.js';
import { AGGREGATIONS, DURATIONS, FUNCTIONS, GROUPING, KEYWORDS } from './words.js';

const MOST = 60;
const MATCHES = ['=', '!=', '=~', '!~'];

/**
 * Where the caret is: kind (expression, label, value, duration or none), the metric of the selector around it, the label
 * before it, and the token that is being written.
 */
export function place(text, caret) {
  const all = tokens(text);
  const current = all.find((token) => token.start < caret && caret <= token.end && isWritten(token, caret));
  const before = all.filter((token) => token.end <= (current?.start ?? caret))
    .filter((token) => token.kind !== 'space' && token.kind !== 'comment');
  const open = innermost(before);
  const last = before.at(-1);
  const base = { current, metric: open.metric, label: null };
  if (all.some((token) => token.kind === 'comment' && token.start < caret && caret <= token.end)) {
    return { ...base, kind: 'none' };
  }
  if (open.kind === 'braces' && MATCHES.includes(last?.text)) {
    return { ...base, kind: 'value', label: nameOf(before.at(-2)) };
  }
  if (open.kind === 'braces' || open.kind === 'grouping') {
    return { ...base, kind: last?.text === ',' || last?.text === '{' || last?.text === '(' ? 'label' : 'none' };
  }
  if (open.kind === 'brackets') {
    return { ...base, kind: last?.text === '[' ? 'duration' : 'none' };
  }
  return { ...base, kind: current?.kind === 'string' ? 'none' : 'expression' };
}

function isWritten(token, caret) {
  if (token.kind === 'string') {
    return caret < token.end || token.text.length === 1 || token.text.at(-1) !== token.text[0];
  }
  return token.kind === 'word' || token.kind === 'number';
}

/** The innermost bracket that is still open. */
function innermost(before) {
  const stack = [{ kind: 'none', metric: null }];
  before.forEach((token, index) => {
    const previous = before[index - 1];
    if (token.text === '{') {
      stack.push({ kind: 'braces', metric: previous?.kind === 'word' ? previous.text : null });
    } else if (token.text === '[') {
      stack.push({ kind: 'brackets', metric: null });
    } else if (token.text === '(') {
      const grouping = GROUPING.includes(previous?.text.toLowerCase());
      stack.push({ kind: grouping ? 'grouping' : 'call', metric: null });
    } else if ((token.text === '}' || token.text === ']' || token.text === ')') && stack.length > 1) {
      stack.pop();
    }
  });
  return stack.at(-1);
}

function nameOf(token) {
  if (token === undefined) {
    return null;
  }
  return token.kind === 'string' ? unquoted(token.text) : token.text;
}

/**
 * What fits, the best first: each with text, detail and kind, and what its choice puts in: from, to, insert, and caret, which
 * is counted from the start of what was put in.
 */
export async function completions(text, caret) {
  const where = place(text, caret);
  const current = where.current;
  const from = current?.start ?? caret;
  const to = current === undefined ? caret : Math.max(current.end, caret);
  const typed = text.slice(from, caret);
  const written = current?.kind === 'string' ? unquoted(typed) : typed;
  const after = text.slice(to);
  const make = makers(where, after);
  const candidates = await candidatesOf(where);
  return ranked(candidates, written).map((one) => ({ ...one, from, to, ...make(one) }));
}

async function candidatesOf(where) {
  switch (where.kind) {
    case 'label':
      return (await catalog.labels(where.metric)).map((text) => ({ text, kind: 'label', detail: '' }));
    case 'value':
      return where.label === null ? []
        : (await catalog.values(where.label, where.metric)).map((text) => ({ text, kind: 'value', detail: '' }));
    case 'duration':
      return DURATIONS.map((text) => ({ text, kind: 'duration', detail: '' }));
    case 'expression':
      return expressions();
    default:
      return [];
  }
}

async function expressions() {
  const [metrics, types] = await Promise.all([catalog.metrics(), catalog.types()]);
  return [
    ...Object.entries(AGGREGATIONS).map(([text, detail]) => ({ text, kind: 'aggregation', detail })),
    ...Object.entries(FUNCTIONS).map(([text, detail]) => ({ text, kind: 'function', detail })),
    ...metrics.map((text) => ({ text, kind: 'metric', detail: types.get(text) ?? '' })),
    ...KEYWORDS.map((text) => ({ text, kind: 'keyword', detail: '' })),
  ];
}

/** What the choice of a candidate puts in. */
function makers(where, after) {
  return (one) => {
    switch (one.kind) {
      case 'function':
      case 'aggregation':
        return after.startsWith('(') ? at(one.text, one.text.length) : at(`${one.text}()`, one.text.length + 1);
      case 'metric':
        return at(metricText(one.text));
      case 'label': {
        const name = labelText(one.text);
        const matched = where.kind === 'label' && where.metric === null && /^\s*[,)]/.test(after);
        return matched || /^\s*(=|!|,|\))/.test(after) ? at(name) : labelled(name, after);
      }
      case 'value':
        return at(quoted(one.text));
      default:
        return at(one.text);
    }
  };
}

/** In braces a label goes on with its value. */
function labelled(name, after) {
  return after.trimStart().startsWith('}') ? { insert: `${name}=""`, caret: name.length + 2 } : at(name);
}

function at(insert, caret = insert.length) {
  return { insert, caret };
}

/**
 * What is written in full, then those that begin with it, then those with a word that does, then those that hold it. Nothing
 * is offered where there is nothing but what is written.
 */
function ranked(candidates, written) {
  const wanted = written.toLowerCase();
  const rank = ({ text, kind }) => {
    const found = text.toLowerCase().indexOf(wanted);
    if (text === written) {
      return 0;
    }
    if (found <= 0 || kind === 'duration') {
      return found === 0 ? 1 : 4;
    }
    return /[_.:]/.test(text[found - 1]) ? 2 : 3;
  };
  const found = candidates.map((one) => ({ one, rank: rank(one) }))
    .filter(({ rank: r }) => r < 4)
    .sort((a, b) => a.rank - b.rank || a.one.text.length - b.one.text.length || (a.one.text < b.one.text ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
  return found.every(({ text }) => text === written) ? [] : found;
}
