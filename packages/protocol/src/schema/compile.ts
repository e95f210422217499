import type { Codec } from './codec.ts';
import { defaultOf, defaultsOf, isDefaultOf } from './defaults.ts';
import type { FieldSpec, FieldSpecs, FieldType } from './field.ts';
import { FIXED_CODECS } from './fixed-codecs.ts';
import { arrayCodec, bytesCodec, type SizedForm, stringCodec } from './sized-codecs.ts';
import { type InlineField, type LostField, nullableStructCodec, structCodec } from './struct-codec.ts';
import type { TaggedField } from './tags.ts';
import { hasVersion } from './versions.ts';

/** A version of a message, and whether it is a flexible one. */
export type At = { readonly version: number; readonly flexible: boolean };

const codecOf = (type: FieldType, form: SizedForm, at: At): Codec => {
  switch (type.kind) {
    case 'string':
      return stringCodec(form);
    case 'bytes':
    case 'records':
      return bytesCodec(form);
    case 'array':
      return arrayCodec(codecOf(type.element, { ...form, nullable: false }, at), form);
    case 'struct': {
      const codec = compileStruct(type.fields, at);
      return form.nullable ? nullableStructCodec(codec) : codec;
    }
    default:
      return FIXED_CODECS[type.kind];
  }
};

const fieldCodec = (field: FieldSpec, at: At): Codec => {
  const compact = field.flexible === undefined ? at.flexible : hasVersion(field.flexible, at.version);
  return codecOf(field.type, { compact, nullable: hasVersion(field.nullable, at.version) }, at);
};

/** Everything that has to be known to read and write these fields in this version; made once for each version. */
export const compileStruct = (fields: FieldSpecs, at: At): Codec => {
  const inline: InlineField[] = [];
  const tagged: TaggedField[] = [];
  const lost: LostField[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!hasVersion(field.versions, at.version)) {
      if (!field.ignorable) lost.push({ name, isDefault: isDefaultOf(field) });
    } else if (field.tag !== undefined && hasVersion(field.tagged, at.version)) {
      tagged.push({ tag: field.tag, name, codec: fieldCodec(field, at), isDefault: isDefaultOf(field) });
    } else {
      const fallback = field.default === undefined && field.tag === undefined ? undefined : defaultOf(field);
      inline.push({ name, codec: fieldCodec(field, at), fallback });
    }
  }
  return structCodec({ flexible: at.flexible, inline, tagged, lost, defaults: defaultsOf(fields) });
};
