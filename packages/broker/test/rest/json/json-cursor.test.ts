import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../../src/rest/json/json-cursor.ts';
import { elementsOf, isBareJson, membersOf, onlyValue } from '../../../src/rest/json/json-slices.ts';
import { MalformedJsonError } from '../../../src/rest/json/malformed-json-error.ts';
import { jsonText } from '../support/json-text.ts';

const accepts = (text: string): boolean => {
  try {
    onlyValue(Buffer.from(text));
    return true;
  } catch (thrown) {
    if (thrown instanceof MalformedJsonError) return false;
    throw thrown;
  }
};

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Valid JSON with something cut out or put in: near enough to be taken for it. */
const damagedJson = fc
  .tuple(
    jsonText,
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '-', '0', '.', 'e', '\n', '\\u'),
  )
  .map(([text, at, length, put]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + put + text.slice(from + length);
  });

describe('JsonCursor', () => {
  it('takes exactly what JSON.parse takes', () => {
    const texts = fc.oneof(jsonText, damagedJson, fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0123eE+-. tfn\n') }));
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(text.isWellFormed());
        expect(accepts(text)).toBe(parses(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('cuts an array into its elements as they are written', () => {
    const spaces = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(spaces, jsonText, spaces)), (elements) => {
        const body = Buffer.from(`[${elements.map((parts) => parts.join('')).join(',')}]`);
        expect(elementsOf(body)?.map(String)).toEqual(elements.map(([, text]) => text.trim()));
      }),
    );
  });

  it('finds the members of an object by name, whatever way the name is written', () => {
    const members = membersOf(Buffer.from(' { "a" : [1, 2.50] , "\\u0062":{"c":1e400} } '));
    expect(Array.from(members, ([name, value]) => [name, String(value)])).toEqual([
      ['a', '[1, 2.50]'],
      ['b', '{"c":1e400}'],
    ]);
  });

  it('refuses a name that is there twice', () => {
    expect(() => membersOf(Buffer.from('{"a":1,"\\u0061":2}'))).toThrow('a second member "a"');
  });

  it('goes as deep as it says, and no deeper, without running out of stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    // The innermost array is empty, and an empty array is not gone into.
    expect(accepts(nested(MAX_DEPTH + 1))).toBe(true);
    expect(accepts(nested(MAX_DEPTH + 2))).toBe(false);
    expect(accepts('{"a":'.repeat(200_000))).toBe(false);
  });

  it('says where a fault is', () => {
    expect(() => onlyValue(Buffer.from('{"a":tru}'))).toThrow('no JSON value begins at byte 5');
    expect(() => onlyValue(Buffer.from('[1,'))).toThrow('it ends too early at byte 3');
  });

  it('does not take JSON with space around it for bare', () => {
    expect([' 1', '1 ', '1', '{} ', '"a"', ''].map((text) => isBareJson(Buffer.from(text)))).toEqual([
      false,
      false,
      true,
      false,
      true,
      false,
    ]);
  });
});
