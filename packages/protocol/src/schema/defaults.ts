/**
 * The value of a field that the bytes do not have: its own default, or else zero, `''`, nothing in it; a struct with
 * all of its defaults. What is shared among messages is frozen.
 */
import type { FieldSpec, FieldSpecs, FieldType } from './field.ts';
import { ZERO_UUID } from './fixed-codecs.ts';

const NO_BYTES = Buffer.alloc(0);
const NO_ELEMENTS: readonly unknown[] = Object.freeze([]);

type StructValue = Readonly<Record<string, unknown>> & { readonly unknownTags?: unknown };

const defaultOfType = (type: FieldType): unknown => {
  switch (type.kind) {
    case 'bool':
      return false;
    case 'int64':
      return 0n;
    case 'string':
      return '';
    case 'uuid':
      return ZERO_UUID;
    case 'bytes':
    case 'records':
      return NO_BYTES;
    case 'array':
      return NO_ELEMENTS;
    case 'struct':
      return Object.freeze(defaultsOf(type.fields));
    default:
      return 0;
  }
};

export const defaultOf = (field: FieldSpec): unknown =>
  field.default ?? (field.default === null ? null : defaultOfType(field.type));

/** A new object with the default of each field. */
export const defaultsOf = (fields: FieldSpecs): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, defaultOf(field)]));

const isDefaultStruct = (fields: FieldSpecs): ((value: StructValue) => boolean) => {
  const checks = Object.entries(fields).map(([name, field]) => ({ name, isDefault: isDefaultOf(field) }));
  return (value) => value.unknownTags === undefined && checks.every(({ name, isDefault }) => isDefault(value[name]));
};

/** Tells whether a value is the field's default; a missing one is. */
export const isDefaultOf = (field: FieldSpec): ((value: unknown) => boolean) => {
  const fallback = defaultOf(field);
  const same = (value: unknown): boolean => value === undefined || value === fallback;
  if (fallback === null) return same;
  switch (field.type.kind) {
    case 'bytes':
    case 'records':
      return (value) => same(value) || (value instanceof Uint8Array && value.length === 0);
    case 'array':
      return (value) => same(value) || (Array.isArray(value) && value.length === 0);
    case 'struct': {
      const isDefault = isDefaultStruct(field.type.fields);
      return (value) => same(value) || (typeof value === 'object' && value !== null && isDefault(value as StructValue));
    }
    default:
      return same;
  }
};
