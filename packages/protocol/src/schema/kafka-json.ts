/**
 * The JSON that Kafka's generated converters make of a message, which its tools print: the fields of the version in
 * the order of the schema; a tagged field only where it is not its default; a null where the value is null; int64 as a
 * plain number, bytes in base64. Unknown tagged fields are left out. `records` are given in base64 like bytes (Kafka's
 * own converters give their size, or nothing).
 */
import { defaultOf, isDefaultOf } from './defaults.ts';
import type { FieldSpec, FieldSpecs, FieldType } from './field.ts';
import type { Message } from './message.ts';
import { UnsupportedMessageVersionError } from './message-errors.ts';
import { hasVersion } from './versions.ts';

/** A number that Java prints as a double: with a fraction, or with an exponent. */
export class JsonDouble {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
export type KafkaJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonDouble
  | readonly KafkaJson[]
  | { readonly [name: string]: KafkaJson };

type StructValue = Readonly<Record<string, unknown>>;

const jsonOfType = (type: FieldType, value: unknown, version: number): KafkaJson => {
  if (value === null) return null;
  switch (type.kind) {
    case 'float64':
      return new JsonDouble(value as number);
    case 'bytes':
    case 'records':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
      return (value as readonly unknown[]).map((element) => jsonOfType(type.element, element, version));
    case 'struct':
      return jsonOfFields(type.fields, value as StructValue, version);
    default:
      return value as boolean | number | bigint | string;
  }
};

const isShown = (field: FieldSpec, value: unknown, version: number): boolean => {
  if (!hasVersion(field.versions, version)) return false;
  return !hasVersion(field.tagged, version) || !isDefaultOf(field)(value);
};

const jsonOfFields = (fields: FieldSpecs, value: StructValue, version: number): { [name: string]: KafkaJson } => {
  const json: { [name: string]: KafkaJson } = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!isShown(field, value[name], version)) continue;
    const content = value[name];
    json[name] = jsonOfType(field.type, content === undefined ? defaultOf(field) : content, version);
  }
  return json;
};

/** The converter's tree; `formatKafkaJson` makes the text of it. Throws UnsupportedMessageVersionError. */
export const toKafkaJson = <Out, In>(
  schema: Message<Out, In>,
  version: number,
  value: Out | In,
): { readonly [name: string]: KafkaJson } => {
  if (!hasVersion(schema.versions, version)) throw new UnsupportedMessageVersionError(schema.name, version);
  return jsonOfFields(schema.fields, value as StructValue, version);
};
