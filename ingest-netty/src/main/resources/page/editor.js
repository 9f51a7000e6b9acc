// The input of an expression: colours, completion, and the place of an error.

import { el, fill } from './dom.js';
import { completions, place } from './complete.js';
import { tokens } from './lexer.js';
import { AGGREGATIONS, FUNCTIONS, KEYWORDS } from './words.js';

/** What the server says of a wrong expression: line and column from 1, and what is wrong. */
const LOCATED = /(?:^|[\s:])(\d+):(\d+): parse error: ([^]*)$/;

let count = 0;

/** Where an error is, as an offset in the text; null where its message does not say. */
export function errorPlace(text, message) {
  const located = LOCATED.exec(message);
  if (located === null) {
    return null;
  }
  const lines = text.split('\n');
  const line = Math.min(Number(located[1]), lines.length);
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  // Columns count bytes of UTF-8.
  const bytes = new TextEncoder().encode(lines[line - 1]).slice(0, Number(located[2]) - 1);
  const offset = start + new TextDecoder().decode(bytes).length;
  return { offset: Math.min(offset, text.length), where: `${located[1]}:${located[2]}`, what: located[3] };
}

export class Editor {
  #colours = el('pre.colours', { 'aria-hidden': 'true' });
  #list;
  #input;
  #shown = [];
  #chosen = 0;
  #error = null;
  #generation = 0;
  #onchange;

  /** onrun: the expression is to be computed; onchange: it is another one. */
  constructor(text, { onrun, onchange }) {
    const id = `completions-${++count}`;
    this.#onchange = onchange;
    this.#list = el('ul.completions', { id, role: 'listbox', hidden: true, 'aria-label': 'Completions' });
    this.#input = el('textarea', {
      rows: 1, spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', 'aria-label': 'Expression',
      role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id, 'aria-expanded': 'false',
      placeholder: 'PromQL expression, such as sum by (host) (rate(requests[5m]))',
    });
    this.#input.value = text;
    this.#input.addEventListener('input', (event) => this.#onInput(event));
    this.#input.addEventListener('keydown', (event) => this.#onKey(event, onrun));
    this.#input.addEventListener('blur', () => this.#close());
    this.#input.addEventListener('scroll', () => { this.#colours.scrollTop = this.#input.scrollTop; });
    this.element = el('div.editor', {}, this.#colours, this.#input, this.#list);
    new ResizeObserver(() => this.#grow()).observe(this.element);
    this.#paint();
  }

  get text() {
    return this.#input.value;
  }

  set text(value) {
    if (value !== this.#input.value) {
      this.#input.value = value;
      this.#error = null;
      this.#paint();
    }
  }

  focus() {
    this.#input.focus();
    this.#input.setSelectionRange(this.text.length, this.text.length);
  }

  /** Marks a place, from an offset to the end of what stands there; null for none. */
  mark(offset) {
    this.#error = offset;
    this.#input.setAttribute('aria-invalid', String(offset !== null));
    this.#paint();
  }

  #onInput(event) {
    this.#error = null;
    this.#paint();
    this.#onchange();
    const typed = event.inputType?.startsWith('insert') || event.inputType?.startsWith('delete');
    const kind = place(this.text, this.#input.selectionStart).kind;
    const writing = /[\w:."{,=[(]$/.test(this.text.slice(0, this.#input.selectionStart));
    if (typed && writing && kind !== 'none') {
      this.#open();
    } else {
      this.#close();
    }
  }

  #onKey(event, onrun) {
    const open = !this.#list.hidden;
    const handled = {
      ArrowDown: () => open && this.#choose(this.#chosen + 1),
      ArrowUp: () => open && this.#choose(this.#chosen - 1),
      Escape: () => open && this.#close(),
      Tab: () => open && this.#take(this.#shown[Math.max(0, this.#chosen)]),
      Enter: () => {
        if (event.shiftKey) {
          return false;
        }
        const taken = open && !event.ctrlKey && !event.metaKey && this.#chosen >= 0;
        return taken ? this.#take(this.#shown[this.#chosen]) : this.#run(onrun);
      },
      ' ': () => event.ctrlKey && this.#open(),
    }[event.key];
    if (handled !== undefined && handled() !== false) {
      event.preventDefault();
    }
  }

  #run(onrun) {
    this.#close();
    onrun();
  }

  async #open() {
    const generation = ++this.#generation;
    let found = [];
    try {
      found = await completions(this.text, this.#input.selectionStart);
    } catch {
      // The query itself will say what is wrong with the server.
    }
    if (generation !== this.#generation || document.activeElement !== this.#input) {
      return;
    }
    if (found.length === 0) {
      this.#close();
      return;
    }
    this.#shown = found;
    fill(this.#list, ...found.map((one, index) => el(
      'li', {
        id: `${this.#list.id}-${index}`, role: 'option', 'data-kind': one.kind,
        // Before the input would lose the focus.
        onmousedown: (event) => { event.preventDefault(); this.#take(one); },
      },
      el('span.word', {}, one.text), el('span.detail', {}, one.detail || one.kind))));
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#placeList(found[0].from);
    // A word that is whole already is not replaced by Enter; the arrows choose.
    const whole = place(this.text, this.#input.selectionStart).kind === 'expression' && this.#isWhole();
    this.#choose(whole ? -1 : 0);
  }

  #isWhole() {
    const word = /[\w:]*$/.exec(this.text.slice(0, this.#input.selectionStart))[0];
    return word === '' || this.#shown.some((one) => one.text === word) || !this.#shown.some((one) => one.text.startsWith(word));
  }

  #placeList(offset) {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.#colours, NodeFilter.SHOW_TEXT);
    let left = offset;
    let node = walker.nextNode();
    while (node !== null && left > node.length) {
      left -= node.length;
      node = walker.nextNode();
    }
    if (node === null) {
      return;
    }
    range.setStart(node, left);
    const at = range.getBoundingClientRect();
    const around = this.element.getBoundingClientRect();
    const room = Math.max(0, around.width - this.#list.offsetWidth);
    this.#list.style.left = `${Math.min(Math.max(0, at.left - around.left - 4), room)}px`;
  }

  #choose(index) {
    const last = this.#shown.length - 1;
    this.#chosen = index > last ? 0 : index < -1 ? last : index;
    [...this.#list.children].forEach((item, i) => item.setAttribute('aria-selected', String(i === this.#chosen)));
    const item = this.#list.children[this.#chosen];
    item?.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', item?.id ?? '');
  }

  #take(one) {
    if (one === undefined) {
      this.#close();
      return;
    }
    this.#input.focus();
    this.#input.setSelectionRange(one.from, one.to);
    // The only way to change a text so that the browser can undo it.
    if (!document.execCommand('insertText', false, one.insert)) {
      this.#input.setRangeText(one.insert);
      this.#onInput(new InputEvent('input'));
    }
    const caret = one.from + one.caret;
    this.#input.setSelectionRange(caret, caret);
    this.#close();
    if (one.caret < one.insert.length) {
      this.#open();
    }
  }

  #close() {
    this.#generation++;
    this.#list.hidden = true;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }

  /** The colours lie under the input, whose own text cannot be seen. */
  #paint() {
    const spans = [];
    for (const token of tokens(this.text)) {
      const wrong = this.#error !== null && token.start <= this.#error && this.#error < token.end;
      spans.push(el(`span.${kindOf(token)}${wrong ? '.wrong' : ''}`, {}, token.text));
    }
    const atEnd = this.#error !== null && this.#error >= this.text.length;
    fill(this.#colours, ...spans, atEnd ? el('span.wrong', {}, '\u00a0') : null, '\n');
    this.#grow();
  }

  /** As high as its text, which has more lines where there is less width. */
  #grow() {
    this.#input.style.height = 'auto';
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }
}

function kindOf(token) {
  if (token.kind !== 'word') {
    return token.kind;
  }
  if (token.text in FUNCTIONS || token.text in AGGREGATIONS) {
    return 'function';
  }
  return KEYWORDS.includes(token.text.toLowerCase()) ? 'keyword' : 'word';
}
