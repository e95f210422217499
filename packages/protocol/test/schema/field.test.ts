import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  array,
  bytes,
  type InputOf,
  int32,
  int64,
  nested,
  string,
  struct,
  type TypeOf,
  uuid,
} from '../../src/schema/field.ts';
import { message } from '../../src/schema/message.ts';
import type { UnknownTag } from '../../src/schema/tags.ts';

const Partition = struct({
  index: int32('0+'),
  records: bytes('0+', { nullable: '0+' }),
});
const Sample = message('Sample', '0-3', '2+', {
  name: string('0+', { nullable: '1+' }),
  offset: int64('0+', { default: -1n }),
  topicId: uuid('2+', { tag: 0 }),
  partitions: array('0+', Partition),
  cursor: nested('0+', Partition, { nullable: '0+', default: null }),
});

describe('a declaration', () => {
  it('is the type of what is decoded', () => {
    type Expected = {
      readonly index: number;
      readonly records: Buffer | null;
      readonly unknownTags?: readonly UnknownTag[];
    };
    expectTypeOf<TypeOf<typeof Partition>>().branded.toEqualTypeOf<Expected>();
    expectTypeOf<TypeOf<typeof Sample>['name']>().toEqualTypeOf<string | null>();
    expectTypeOf<TypeOf<typeof Sample>['offset']>().toEqualTypeOf<bigint>();
    expectTypeOf<TypeOf<typeof Sample>['topicId']>().toEqualTypeOf<string>();
    expectTypeOf<TypeOf<typeof Sample>['partitions'][number]['index']>().toEqualTypeOf<number>();
    expectTypeOf<TypeOf<typeof Sample>['cursor']>().toEqualTypeOf<TypeOf<typeof Partition> | null>();
  });

  it('lets fields with a default be missing from what is encoded, and no others', () => {
    expectTypeOf<{ name: null; partitions: [] }>().toExtend<InputOf<typeof Sample>>();
    expectTypeOf<{ name: null }>().not.toExtend<InputOf<typeof Sample>>();
    expectTypeOf<{ partitions: [] }>().not.toExtend<InputOf<typeof Sample>>();
    expectTypeOf<TypeOf<typeof Sample>>().toExtend<InputOf<typeof Sample>>();
  });

  it('is refused where the default is null and no version is nullable', () => {
    expect(() => string('0+', { default: null })).toThrow(TypeError);
  });
});
