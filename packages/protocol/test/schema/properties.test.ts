import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float64, nested, struct, uint16, uint32 } from '../../src/schema/field.ts';
import { type Message, message } from '../../src/schema/message.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';
import { arbitraryStruct } from './arbitrary-value.ts';
import { SAMPLE_MESSAGES } from './sample-messages.ts';

const Rest = struct({ small: uint16('0+'), large: uint32('0+'), ratio: float64('1+') });
const RareTypes = message('RareTypes', '0-2', '1+', {
  rest: nested('0+', Rest),
  maybe: nested('1+', Rest, { nullable: '1+', default: null, tag: 3, tagged: '2+' }),
});

const SCHEMAS = [...Object.values(SAMPLE_MESSAGES), RareTypes] as unknown as readonly Message<object, object>[];
const CASES = SCHEMAS.flatMap((schema) =>
  Array.from({ length: schema.versions.max - schema.versions.min + 1 }, (_, index) => {
    const version = schema.versions.min + index;
    return { name: schema.name, schema, version, at: { version, flexible: schema.isFlexible(version) } };
  }),
);

/** What an input of this size may grow into: elements of arrays, characters of strings, bytes. */
const contentOf = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, element) => sum + 1 + contentOf(element), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce((sum, [name, member]) => sum + (isUuid(name) ? 0 : contentOf(member)), 0);
};
/** A uuid is longer as text than as bytes, and its default needs none. */
const isUuid = (name: string): boolean => name === 'topicId' || name === 'replicaDirectoryId';

const decodesOrSaysWhy = (schema: Message<object, object>, version: number, bytes: Buffer): void => {
  try {
    const value = schema.decode(version, bytes);
    expect(contentOf(value)).toBeLessThanOrEqual(bytes.length);
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessageError)) throw thrown;
    expect(thrown.position).toBeLessThanOrEqual(bytes.length);
  }
};

/** One change: a byte set to something, bytes cut out, bytes put in. */
const arbitraryDamage = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  cut: fc.nat(4),
  put: fc.uint8Array({ maxLength: 5 }),
});
type Damage = { readonly at: number; readonly cut: number; readonly put: Uint8Array };

const damaged = (bytes: Buffer, damages: readonly Damage[]): Buffer =>
  damages.reduce((before, { at, cut, put }) => {
    const index = Math.floor(at * before.length);
    return Buffer.concat([before.subarray(0, index), put, before.subarray(index + cut)]);
  }, bytes);

describe.each(CASES)('$name v$version', ({ schema, version, at }) => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(arbitraryStruct(schema.fields, at), (value) => {
        expect(schema.decode(version, schema.encode(version, value))).toEqual(value);
      }),
      { numRuns: 30 },
    );
  });

  it('decodes damaged bytes into no more than they hold, or says what is wrong', () => {
    fc.assert(
      fc.property(
        arbitraryStruct(schema.fields, at),
        fc.array(arbitraryDamage, { minLength: 1, maxLength: 3 }),
        (value, damages) => {
          decodesOrSaysWhy(schema, version, damaged(schema.encode(version, value), damages));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('decodes random bytes into no more than they hold, or says what is wrong', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (raw) => decodesOrSaysWhy(schema, version, Buffer.from(raw))),
      { numRuns: 60 },
    );
  });
});
