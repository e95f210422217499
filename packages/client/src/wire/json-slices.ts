/**
 * Where in a text of JSON its parts are, so that they can be had as they are written, every digit and space of them. The
 * text comes from a server that writes JSON as it should be; what it is not, nobody finds out here.
 */

/** The elements of the array that `text` is. @throws SyntaxError where it is none */
export function elementsIn(text: string): string[] {
  const elements: string[] = [];
  let at = expect(text, skipSpace(text, 0), '[');
  at = skipSpace(text, at);
  while (text[at] !== ']') {
    const end = skipValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] !== ']') at = skipSpace(text, expect(text, at, ','));
  }
  return elements;
}

export type Slice = { readonly from: number; readonly to: number };

/** Where in the object that `text` is the value of its member `name` stands. @throws SyntaxError where there is none */
export function memberIn(text: string, name: string): Slice {
  const quoted = JSON.stringify(name);
  let at = skipSpace(text, expect(text, skipSpace(text, 0), '{'));
  while (text[at] === '"') {
    const isIt = text.startsWith(quoted, at);
    const from = skipSpace(text, expect(text, skipSpace(text, skipString(text, at)), ':'));
    const to = skipValue(text, from);
    if (isIt) return { from, to };
    at = skipSpace(text, to);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  throw new SyntaxError(`${quoted} is missing`);
}

function expect(text: string, at: number, character: string): number {
  if (text[at] !== character) throw new SyntaxError(`${character} is missing at ${at}`);
  return at + 1;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /[-+.\w]+/y;
/** Up to what matters within arrays and objects. */
const UNTIL_MARK = /[^"[\]{}]*/y;

const skipSpace = (text: string, at: number): number => skip(text, at, SPACE);

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function skipValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return skipString(text, from);
  if (first === '{' || first === '[') return skipNested(text, from);
  const end = skip(text, from, SCALAR);
  if (end === from) throw new SyntaxError(`a value is missing at ${from}`);
  return end;
}

function skipNested(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at = skip(text, at, UNTIL_MARK)) {
    const mark = text[at];
    if (mark === '"') {
      at = skipString(text, at);
      continue;
    }
    depth += mark === '{' || mark === '[' ? 1 : -1;
    at += 1;
    if (depth === 0) return at;
  }
  throw new SyntaxError('it ends too early');
}

function skipString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  throw new SyntaxError('it ends too early');
}
