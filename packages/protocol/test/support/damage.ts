import fc from 'fast-check';
import { expect } from 'vitest';
import type { AnyMessage } from '../../src/messages/api.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';
import { contentSize } from './content-size.ts';

/** One change: bytes cut out, bytes put in. */
type Damage = { readonly at: number; readonly cut: number; readonly put: Uint8Array };

/** One to three changes anywhere. */
export const arbitraryDamages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    cut: fc.nat(4),
    put: fc.uint8Array({ maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

export const damaged = (bytes: Buffer, damages: readonly Damage[]): Buffer =>
  damages.reduce((before, { at, cut, put }) => {
    const index = Math.floor(at * before.length);
    return Buffer.concat([before.subarray(0, index), put, before.subarray(index + cut)]);
  }, bytes);

/** Bytes that nobody vouches for either are a value no larger than they are, or a MalformedMessageError. */
export const expectDecodedOrRefused = (schema: AnyMessage, version: number, bytes: Buffer): void => {
  try {
    const value = schema.decode(version, bytes);
    expect(contentSize(schema.fields, { ...value })).toBeLessThanOrEqual(bytes.length);
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessageError)) throw thrown;
    expect(thrown.position).toBeLessThanOrEqual(bytes.length);
  }
};
