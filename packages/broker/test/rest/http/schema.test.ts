import { Type as TypeBox } from 'typebox';
import { describe, expect, it } from 'vitest';
import { Type } from '../../../src/rest/http/schema.ts';

/** One schema that has everything, by either set of builders. */
const schemaOf = (builders: typeof Type) =>
  builders.Object(
    {
      text: builders.String({ description: 'some text', minLength: 1 }),
      maybe: builders.Optional(builders.Integer({ minimum: 0 })),
      list: builders.Array(builders.Number(), { maxItems: 2 }),
      either: builders.Union([builders.Literal('a'), builders.Literal(1), builders.Null()], { description: 'one of' }),
      flag: builders.Optional(builders.Boolean()),
      map: builders.Record(builders.String(), builders.Union([builders.String(), builders.Null()])),
      anything: builders.Unknown({ description: 'what you like' }),
    },
    { additionalProperties: false },
  );

describe('schemas', () => {
  it('are those that TypeBox makes', () => {
    expect(JSON.stringify(schemaOf(Type))).toBe(JSON.stringify(schemaOf(TypeBox)));
  });

  it('need no property where all are optional, nor where there are none', () => {
    for (const properties of [{}, { a: Type.Optional(Type.String()) }]) {
      expect(Type.Object(properties)).not.toHaveProperty('required');
    }
  });

  it('keep what is optional where the properties of one are used in another', () => {
    const { properties } = schemaOf(Type);
    expect(Type.Object({ ...properties })).toMatchObject({ required: ['text', 'list', 'either', 'map', 'anything'] });
  });
});
