import fc from 'fast-check';
import { defaultOf } from '../../src/schema/defaults.ts';
import type { FieldSpec, FieldSpecs, FieldType } from '../../src/schema/field.ts';
import { hasVersion } from '../../src/schema/versions.ts';

/** A version of a message, and whether it has tagged fields. */
export type At = { readonly version: number; readonly flexible: boolean };

/** A tag that no schema here knows. */
const FREE_TAG = 1000;

const arbitraryOf = (type: FieldType, at: At): fc.Arbitrary<unknown> => {
  switch (type.kind) {
    case 'bool':
      return fc.boolean();
    case 'int8':
      return fc.integer({ min: -0x80, max: 0x7f });
    case 'int16':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'uint16':
      return fc.integer({ min: 0, max: 0xffff });
    case 'int32':
      return fc.integer();
    case 'uint32':
      return fc.integer({ min: 0, max: 0xffff_ffff });
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'float64':
      return fc.double();
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 150 });
    case 'uuid':
      return arbitraryBytes(16, 16).map((raw) => raw.toString('base64url'));
    case 'bytes':
    case 'records':
      return arbitraryBytes(0, 150);
    case 'array':
      return fc.array(arbitraryOf(type.element, at), { maxLength: 3 });
    case 'struct':
      return arbitraryStruct(type.fields, at);
  }
};

const arbitraryBytes = (minLength: number, maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength, maxLength }).map((raw) => Buffer.from(raw));

const arbitraryField = (field: FieldSpec, at: At): fc.Arbitrary<unknown> => {
  if (!hasVersion(field.versions, at.version)) return fc.constant(defaultOf(field));
  const some = fc.oneof({ weight: 4, arbitrary: arbitraryOf(field.type, at) }, fc.constant(defaultOf(field)));
  return hasVersion(field.nullable, at.version) ? fc.option(some) : some.filter((value) => value !== null);
};

/** Any value that the fields can have in a version; what the version lacks has its default. */
export const arbitraryStruct = (fields: FieldSpecs, at: At): fc.Arbitrary<Record<string, unknown>> => {
  const members = Object.entries(fields).map(([name, field]) => [name, arbitraryField(field, at)] as const);
  const known = fc.record(Object.fromEntries(members));
  if (!at.flexible) return known;
  const unknownTags = arbitraryBytes(0, 150).map((bytes) => ({ unknownTags: [{ tag: FREE_TAG, bytes }] }));
  return fc.tuple(known, fc.option(unknownTags, { freq: 3 })).map(([value, tags]) => ({ ...value, ...tags }));
};
