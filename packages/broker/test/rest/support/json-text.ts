import fc from 'fast-check';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 });

/** Numbers as people write them: more digits than a double holds, trailing zeros, exponents of every kind. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(
      fc.constant('0'),
      fc.tuple(fc.constantFrom(...'123456789'), digits).map((parts) => parts.join('')),
    ),
    fc.oneof(
      fc.constant(''),
      digits.map((fraction) => `.${fraction}`),
    ),
    fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits).map((parts) => parts.join('')),
    ),
  )
  .map((parts) => parts.join(''));

const escapes = fc.constantFrom('\\n', '\\"', '\\\\', '\\/', '\\u0041', '\\ud83d\\ude00', '\\udc00', '\\u0000');
const characters = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => JSON.stringify(text).slice(1, -1));

const stringText = fc.array(fc.oneof(escapes, characters), { maxLength: 4 }).map((parts) => `"${parts.join('')}"`);

const { value } = fc.letrec<{ value: string }>((tie) => {
  const member = fc.tuple(stringText, tie('value')).map((parts) => parts.join(' :'));
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      numberText,
      stringText,
      fc.constantFrom('true', 'false', 'null'),
      fc.array(tie('value'), { maxLength: 4 }).map((elements) => `[${elements.join(' , ')}]`),
      fc.array(member, { maxLength: 4 }).map((members) => `{ ${members.join(',\n')}}`),
    ),
  };
});

/** Any JSON, written in any way that means the same. */
export const jsonText: fc.Arbitrary<string> = value;
