/**
 * The words in which messages are declared. A declaration has one line for each field and says what Kafka's message
 * definitions say: in which versions the field is there, whether it may be null, its default, its tag.
 *
 *     const Broker = struct({
 *       nodeId: int32('0+'),
 *       rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
 *     });
 */
import type { FixedName } from './fixed-codecs.ts';
import type { UnknownTag } from './tags.ts';
import { NO_VERSIONS, parseVersions, type VersionRange, type Versions } from './versions.ts';

export type FieldType =
  | { readonly kind: FixedName | 'string' | 'bytes' | 'records' }
  | { readonly kind: 'array'; readonly element: FieldType }
  | { readonly kind: 'struct'; readonly fields: FieldSpecs };

/** A field as the compiler sees it. */
export type FieldSpec = {
  readonly type: FieldType;
  readonly versions: VersionRange;
  readonly nullable: VersionRange;
  /** undefined: the default of the type. */
  readonly default: unknown;
  readonly ignorable: boolean;
  readonly tag: number | undefined;
  readonly tagged: VersionRange;
  /** undefined: the flexible versions of the message. */
  readonly flexible: VersionRange | undefined;
};
export type FieldSpecs = Readonly<Record<string, FieldSpec>>;

export type FieldOptions<V> = {
  /** The value where the bytes have none. Such a field may be left out of a value that is encoded. */
  readonly default?: V | null;
  /** Versions that can carry null. */
  readonly nullable?: Versions;
  /** In a version without this field a value other than the default is dropped, and not an error. */
  readonly ignorable?: boolean;
  /** Number of a tagged field: written only where it is not the default. */
  readonly tag?: number;
  /** Versions in which the field is tagged, where these are not all of its versions. */
  readonly tagged?: Versions;
  /** Versions in which the field's own length is compact, where these are not those of the message. */
  readonly flexible?: Versions;
};
type NoOptions = Record<never, never>;

export declare const decoded: unique symbol;
export declare const encodable: unique symbol;
/** Something that stands for a type: `Out` is what it decodes to, `In` what it encodes. */
export type Typed<Out, In> = { readonly [decoded]?: Out; readonly [encodable]?: In };

/** What a message, struct or field decodes to. */
export type TypeOf<S> = S extends Typed<infer Out, infer _> ? Out : never;
/** What a message, struct or field encodes: fields with a default may be missing, bytes may be any Uint8Array. */
export type InputOf<S> = S extends Typed<infer _, infer In> ? In : never;

export type Field<Out = unknown, In = unknown, Optional extends boolean = boolean> = FieldSpec &
  Typed<Out, In> & { readonly optional: Optional };
export type Fields = Readonly<Record<string, Field>>;

type OrNull<O> = O extends { readonly nullable: Versions } ? null : never;
type HasDefault<O> = O extends { readonly default: unknown } | { readonly tag: number } ? true : false;
type FieldOf<Out, In, O> = Field<Out | OrNull<O>, In | OrNull<O>, HasDefault<O>>;

type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K]['optional'] extends true ? K : never }[keyof F];
/** Tagged fields that this schema does not know, as they were read; they are written again. */
type WithUnknownTags = { readonly unknownTags?: readonly UnknownTag[] };
export type OutOf<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> } & WithUnknownTags;
export type InOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: InputOf<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: InputOf<F[K]> | undefined;
} & WithUnknownTags;

/** What an array may hold, and a nested field: a struct, or one of the types below. */
export type ElementType<Out = unknown, In = unknown> = { readonly type: FieldType } & Typed<Out, In>;
export type Struct<F extends Fields = Fields> = ElementType<OutOf<F>, InOf<F>>;

type FieldBuilder<Out, In> = ElementType<Out, In> &
  (<const O extends FieldOptions<In> = NoOptions>(versions: Versions, options?: O) => FieldOf<Out, In, O>);

const specOf = (type: FieldType, versions: Versions, options: FieldOptions<unknown> = {}): Field => {
  if (options.default === null && options.nullable === undefined) {
    throw new TypeError('a field whose default is null must be nullable');
  }
  const range = parseVersions(versions);
  const tagged = options.tagged === undefined ? range : parseVersions(options.tagged);
  return {
    type,
    versions: range,
    nullable: parseVersions(options.nullable ?? 'none'),
    default: options.default,
    ignorable: options.ignorable ?? false,
    tag: options.tag,
    tagged: options.tag === undefined ? NO_VERSIONS : tagged,
    flexible: options.flexible === undefined ? undefined : parseVersions(options.flexible),
    optional: options.default !== undefined || options.tag !== undefined,
  };
};

const builder = <Out, In = Out>(kind: FixedName | 'string' | 'bytes' | 'records'): FieldBuilder<Out, In> => {
  const type: FieldType = { kind };
  const build = (versions: Versions, options?: FieldOptions<In>) => specOf(type, versions, options);
  return Object.assign(build, { type }) as FieldBuilder<Out, In>;
};

export const bool = builder<boolean>('bool');
export const int8 = builder<number>('int8');
export const int16 = builder<number>('int16');
export const uint16 = builder<number>('uint16');
export const int32 = builder<number>('int32');
export const uint32 = builder<number>('uint32');
export const int64 = builder<bigint>('int64');
export const float64 = builder<number>('float64');
export const string = builder<string>('string');
/** Kafka's text form of a uuid: 22 characters of base64url. */
export const uuid = builder<string>('uuid');
/** Decoded as a view of the message's memory. */
export const bytes = builder<Buffer, Uint8Array>('bytes');
/** Record batches, which the message does not look into. Decoded as a view of the message's memory. */
export const records = builder<Buffer, Uint8Array>('records');

/** A group of fields, to be put into arrays and nested fields. */
export const struct = <F extends Fields>(fields: F): Struct<F> => ({ type: { kind: 'struct', fields } });

/** A field that holds one struct. */
export const nested = <Out, In, const O extends Omit<FieldOptions<In>, 'flexible'> = NoOptions>(
  versions: Versions,
  element: ElementType<Out, In>,
  options?: O,
): FieldOf<Out, In, O> => specOf(element.type, versions, options) as FieldOf<Out, In, O>;

/** A field that holds any number of structs or values: `array('0+', int32)`, `array('2+', FetchTopic)`. */
export const array = <Out, In, const O extends FieldOptions<readonly In[]> = NoOptions>(
  versions: Versions,
  element: ElementType<Out, In>,
  options?: O,
): FieldOf<readonly Out[], readonly In[], O> =>
  specOf({ kind: 'array', element: element.type }, versions, options) as FieldOf<readonly Out[], readonly In[], O>;
