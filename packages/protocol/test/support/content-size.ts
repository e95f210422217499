import type { FieldSpecs, FieldType } from '../../src/schema/field.ts';

const sizeOfType = (type: FieldType, value: unknown): number => {
  if (value === null) return 0;
  switch (type.kind) {
    case 'string':
      return (value as string).length;
    case 'bytes':
    case 'records':
      return (value as Uint8Array).length;
    case 'array':
      return (value as readonly unknown[]).reduce(
        (sum: number, element) => sum + 1 + sizeOfType(type.element, element),
        0,
      );
    case 'struct':
      return contentSize(type.fields, value as Record<string, unknown>);
    default:
      return 0;
  }
};

/** What bytes may grow into: elements of arrays, characters of strings, bytes. No more than there were bytes. */
export const contentSize = (fields: FieldSpecs, value: Readonly<Record<string, unknown>>): number =>
  Object.entries(fields).reduce((sum, [name, { type }]) => sum + sizeOfType(type, value[name]), 0);
