import { APIS, type ApiName } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { batchOf } from './batches.ts';
import { ID_A, ID_B } from './update-metadata.ts';

type Fields = (typeof APIS)[ApiName]['request']['fields'];
type Field = Fields[string];
type FieldType = Field['type'];
type Range = Field['versions'];

const isIn = (version: number, range: Range): boolean => version >= range.min && version <= range.max;

const integer = (bits: number): fc.Arbitrary<number> => {
  const half = 2 ** (bits - 1);
  return fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -3, max: 5 }) }, fc.integer({ min: -half, max: half - 1 }));
};

const INT64 = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: -7n, max: 200n }) },
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const TEXT = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('t', 'u', '__consumer_offsets', '', '..', 'PEERS', 'a/b') },
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const BYTES = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.constantFrom(batchOf(2), batchOf(1, { codec: 'zstd' }), batchOf(1, { transactional: true })),
);
const UUID = fc.oneof(fc.constantFrom(ID_A, ID_B), fc.uint8Array({ minLength: 16, maxLength: 16 }).map(base64));

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function fieldValue(type: FieldType, version: number): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return integer(8);
    case 'int16':
      return integer(16);
    case 'uint16':
      return fc.nat(0xffff);
    case 'int32':
      return integer(32);
    case 'uint32':
      return fc.nat(0x7fff_ffff);
    case 'int64':
      return INT64;
    case 'float64':
      return fc.double();
    case 'uuid':
      return UUID;
    case 'string':
      return TEXT;
    case 'bytes':
    case 'records':
      return BYTES;
    case 'array':
      return fc.array(fieldValue(type.element, version), { maxLength: 4 });
    case 'struct':
      return structOf(type.fields, version);
  }
}

function structOf(fields: Fields, version: number): fc.Arbitrary<object> {
  const present = Object.entries(fields).filter(([, { versions }]) => isIn(version, versions));
  return fc.record(
    Object.fromEntries(
      present.map(([name, { type, nullable }]) => {
        const value = fieldValue(type, version);
        return [name, isIn(version, nullable) ? fc.option(value, { freq: 5 }) : value];
      }),
    ),
  );
}

/** Any request of an API in any of its versions, as it is decoded; its names are mostly those that a broker may know. */
export function arbitraryRequest(api: ApiName): fc.Arbitrary<{ readonly version: number; readonly request: object }> {
  const { request, versions } = APIS[api];
  return fc.integer({ min: versions.min, max: versions.max }).chain((version) =>
    structOf(request.fields, version).map((value) => ({
      version,
      request: request.decode(version, request.encode(version, value as never)),
    })),
  );
}
