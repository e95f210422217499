import * as fc from 'fast-check';
import type { Acl } from '../../../src/operation/acl.ts';
import type { Stat } from '../../../src/operation/stat.ts';

/** Objects as the codecs make them: plain ones, with the default prototype. */
export const record = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });

export const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
export const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
export const safeInt64 = fc.maxSafeInteger();

/** Any text without a half of a surrogate pair. */
export const text = fc.string({ unit: 'binary', maxLength: 12 });
export const path = text.map((name) => `/${name}`);
export const texts = fc.array(text, { maxLength: 4 });

export const bytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
export const nullableBytes = fc.option(bytes);

export const acl: fc.Arbitrary<readonly Acl[]> = fc.array(record({ permissions: int32, scheme: text, id: text }), {
  maxLength: 3,
});

export const stat: fc.Arbitrary<Stat> = record({
  czxid: safeInt64,
  mzxid: safeInt64,
  pzxid: safeInt64,
  ctimeMs: safeInt64,
  mtimeMs: safeInt64,
  version: int32,
  cversion: int32,
  aversion: int32,
  ephemeralOwner: int64,
  dataLengthBytes: int32,
  numChildren: int32,
});
