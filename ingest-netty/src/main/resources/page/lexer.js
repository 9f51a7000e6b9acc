// PromQL cut into tokens, as far as colours and completion need it. The server's parser decides what is right.

const SPACE = /\s+/y;
const COMMENT = /#[^\n]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`[^`]*`?/y;
const NUMBER = /(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:ms|[smhdwy])?(?:\d+(?:ms|[smhdwy]))*/iy;
const WORD = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const OPERATOR = /=~|!~|==|!=|<=|>=|[-+*/%^<>=@]/y;
const KINDS = [
  ['space', SPACE], ['comment', COMMENT], ['string', STRING], ['number', NUMBER], ['word', WORD], ['operator', OPERATOR],
];

/** All of the text in tokens with kind, text, start and end; what is nothing else is of kind "mark". */
export function tokens(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    let kind = 'mark';
    let end = at + 1;
    for (const [candidate, pattern] of KINDS) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match !== null && match[0].length > 0) {
        kind = candidate;
        end = at + match[0].length;
        break;
      }
    }
    found.push({ kind, text: text.slice(at, end), start: at, end });
    at = end;
  }
  return found;
}

/** What a string stands for, its end missing perhaps. */
export function unquoted(token) {
  const quote = token[0];
  const closed = token.length > 1 && token.endsWith(quote);
  const inner = token.slice(1, closed ? -1 : undefined);
  return quote === '`' ? inner : inner.replace(/\\(.)/g, '$1');
}
