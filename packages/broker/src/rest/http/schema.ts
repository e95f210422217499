/**
 * JSON schemas whose values TypeScript knows the types of: TypeBox's own builders, of which only the types are TypeBox's. Its
 * code is made for far more than is needed here, and would be a tenth of the memory of a broker that idles.
 */
import type { Type as TypeBox } from 'typebox';

type Schema = Readonly<Record<string, unknown>>;
type Builders = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
>;

/** Marks a property that may be left out. Not seen where the schema is written as JSON. */
const OPTIONAL = Symbol('optional');

const plain =
  (type: string) =>
  (options: Schema = {}): Schema => ({ type, ...options });

const optional = (schema: Schema): Schema => Object.defineProperty({ ...schema }, OPTIONAL, { value: true });

const object = (properties: Readonly<Record<string, Schema>>, options: Schema = {}): Schema => {
  const names = Object.entries(properties).flatMap(([name, schema]) => (OPTIONAL in schema ? [] : [name]));
  return { type: 'object', ...(names.length > 0 && { required: names }), properties, ...options };
};

const builders = {
  Array: (items: Schema, options: Schema = {}): Schema => ({ type: 'array', items, ...options }),
  Boolean: plain('boolean'),
  Integer: plain('integer'),
  Literal: (value: string | number | boolean, options: Schema = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Null: plain('null'),
  Number: plain('number'),
  Object: object,
  Optional: optional,
  Record: (_key: Schema, value: Schema, options: Schema = {}): Schema => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: plain('string'),
  Union: (anyOf: readonly Schema[], options: Schema = {}): Schema => ({ anyOf, ...options }),
  Unknown: (options: Schema = {}): Schema => options,
};

export const Type = builders as unknown as Builders;
