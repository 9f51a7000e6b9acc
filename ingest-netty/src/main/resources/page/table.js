// The answer of an instant query as a table, sorted by a click on a column.

import { el, fill } from './dom.js';
import { momentText } from './time.js';

/** Rows that are shown. */
export const MOST_ROWS = 1000;

/** A table of any kind of answer. */
export function resultTable(type, result) {
  if (type === 'scalar' || type === 'string') {
    return valueTable([{ metric: {}, cells: [result[1]] }], ['Value'], type === 'scalar');
  }
  if (type === 'matrix') {
    const rows = result.map((one) => ({
      metric: one.metric,
      cells: [one.values.map(([time, value]) => `${value}  @ ${momentText(time)}`).join('\n')],
    }));
    return valueTable(rows, ['Values'], false);
  }
  return valueTable(result.map((one) => ({ metric: one.metric, cells: [one.value[1]] })), ['Value'], true);
}

function valueTable(rows, columns, numeric) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.metric)))]
    .sort((a, b) => (a === '__name__' ? -1 : b === '__name__' ? 1 : a < b ? -1 : 1));
  const heads = [...names.map((name) => (name === '__name__' ? 'metric' : name)), ...columns];
  const cells = rows.map((row) => [...names.map((name) => row.metric[name] ?? ''), ...row.cells]);
  return sortedTable(heads, cells, (index) => numeric && index >= names.length);
}

/** A table whose cells are texts; isNumber(column) says which of them are numbers. */
export function sortedTable(heads, cells, isNumber) {
  const body = el('tbody');
  const show = (sorted) => fill(body, ...sorted.slice(0, MOST_ROWS).map((row) => el('tr', {},
    ...row.map((text, index) => el(isNumber(index) ? 'td.number' : 'td', {}, text)))));
  let by = -1;
  let direction = 1;
  const compare = (a, b) => (isNumber(by)
    ? numberOf(a[by]) - numberOf(b[by])
    : a[by].localeCompare(b[by], 'en', { numeric: true }));
  const columns = heads.map((text, index) => {
    const head = el(isNumber(index) ? 'th.number' : 'th', { scope: 'col' });
    head.append(el('button.sort', { type: 'button', onclick: () => {
      direction = by === index ? -direction : isNumber(index) ? -1 : 1;
      by = index;
      columns.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
      show(cells.toSorted((a, b) => direction * compare(a, b)));
    } }, text));
    return head;
  });
  show(cells);
  const table = el('table.result', {}, el('thead', {}, el('tr', {}, ...columns)), body);
  const cut = cells.length > MOST_ROWS ? el('p.muted', {}, `The first ${MOST_ROWS} of ${cells.length} rows.`) : null;
  return el('div.result-box', {}, el('div.scroll', {}, table), cut);
}

function numberOf(text) {
  const plain = text.replaceAll(',', '');
  return plain === '+Inf' ? Infinity : plain === '-Inf' ? -Infinity : plain === 'NaN' ? -Number.MAX_VALUE : Number(plain);
}
