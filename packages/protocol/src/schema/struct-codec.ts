/**
 * A struct: its fields one after the other, and in flexible versions its tagged fields. One that may be null has a
 * byte in front: 1 where it is there, -1 where it is not (KIP-893).
 */
import { type Codec, inWords } from './codec.ts';
import { FieldFault, faultIn } from './message-errors.ts';
import { type TaggedField, tagReader, tagWriter, type UnknownTag } from './tags.ts';

/** A field in one version in which the bytes have it in its place. */
export type InlineField = {
  readonly name: string;
  readonly codec: Codec;
  /** Written where the value has no such property; undefined where it must have one. */
  readonly fallback: unknown;
};

/** A field that a version lacks and that may not be dropped. */
export type LostField = { readonly name: string; readonly isDefault: (value: unknown) => boolean };

/** A struct in one version. */
export type StructPlan = {
  readonly flexible: boolean;
  readonly inline: readonly InlineField[];
  readonly tagged: readonly TaggedField[];
  readonly lost: readonly LostField[];
  /** The default of every field, in the order of the schema. */
  readonly defaults: Readonly<Record<string, unknown>>;
};

type StructValue = Record<string, unknown> & { unknownTags?: readonly UnknownTag[] };

const NO_TAGS: readonly UnknownTag[] = [];

const readOf = ({ flexible, inline, tagged, defaults }: StructPlan): Codec['read'] => {
  const readTags = tagReader(tagged);
  return (reader) => {
    const value: StructValue = { ...defaults };
    let at = '';
    try {
      for (const { name, codec } of inline) {
        at = name;
        value[name] = codec.read(reader);
      }
    } catch (thrown) {
      throw faultIn(at, thrown);
    }
    if (flexible) {
      const unknown = readTags(reader, value);
      if (unknown !== undefined) value.unknownTags = unknown;
    }
    return value;
  };
};

const checkLost = (value: StructValue, { flexible, lost }: StructPlan): void => {
  for (const { name, isDefault } of lost) {
    if (isDefault(value[name])) continue;
    throw faultIn(
      name,
      new FieldFault('this version cannot carry a value other than the default', -1, 'UNSUPPORTED_VERSION'),
    );
  }
  if (!flexible && value.unknownTags !== undefined && value.unknownTags.length > 0) {
    throw new FieldFault('this version cannot carry tagged fields', -1, 'UNSUPPORTED_VERSION');
  }
};

const writeOf = (plan: StructPlan): Codec['write'] => {
  const { flexible, inline, tagged } = plan;
  const writeTags = tagWriter(tagged);
  return (writer, given) => {
    if (typeof given !== 'object' || given === null) throw new FieldFault(`${inWords(given)} is not a struct`);
    const value = given as StructValue;
    checkLost(value, plan);
    let at = '';
    try {
      for (const { name, codec, fallback } of inline) {
        at = name;
        const content = value[name];
        codec.write(writer, content === undefined ? fallback : content);
      }
    } catch (thrown) {
      throw faultIn(at, thrown);
    }
    if (flexible) writeTags(writer, value, value.unknownTags ?? NO_TAGS);
  };
};

export const structCodec = (plan: StructPlan): Codec => ({
  minBytes: plan.inline.reduce((sum, { codec }) => sum + codec.minBytes, plan.flexible ? 1 : 0),
  read: readOf(plan),
  write: writeOf(plan),
});

const PRESENT = 1;
const ABSENT = -1;

export const nullableStructCodec = (codec: Codec): Codec => ({
  minBytes: 1,
  read: (reader) => {
    const from = reader.position;
    const presence = reader.int8();
    if (presence === ABSENT) return null;
    if (presence !== PRESENT) reader.fail(`${presence} does not tell whether a struct follows`, from);
    return codec.read(reader);
  },
  write: (writer, value) => {
    writer.int8(value === null ? ABSENT : PRESENT);
    if (value !== null) codec.write(writer, value);
  },
});
