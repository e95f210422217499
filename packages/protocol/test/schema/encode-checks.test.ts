import { describe, expect, it } from 'vitest';
import {
  array,
  bool,
  bytes,
  type ElementType,
  float64,
  int8,
  int16,
  int32,
  int64,
  nested,
  string,
  struct,
  uint16,
  uint32,
  uuid,
} from '../../src/schema/field.ts';
import { message } from '../../src/schema/message.ts';
import { UnencodableMessageError } from '../../src/schema/message-errors.ts';

type Name =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes';
const ELEMENTS: Readonly<Record<Name, ElementType>> = {
  bool,
  int8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  float64,
  string,
  uuid,
  bytes,
};

const encodeOne = (type: Name, value: unknown): Buffer =>
  message('One', '0', 'none', { field: array('0', ELEMENTS[type]) }).encode(0, { field: [value] });

const LIMITS = [
  ['int8', -128, 127],
  ['int16', -32_768, 32_767],
  ['uint16', 0, 65_535],
  ['int32', -2_147_483_648, 2_147_483_647],
  ['uint32', 0, 4_294_967_295],
] as const;

describe('encoding a value', () => {
  it.each(LIMITS)('takes %s from %d to %d and nothing beyond', (type, min, max) => {
    const One = message('One', '0', 'none', { field: array('0', ELEMENTS[type]) });
    expect(One.decode(0, One.encode(0, { field: [min, max] }))).toEqual({ field: [min, max] });
    for (const bad of [min - 1, max + 1, 0.5, Number.NaN, 1n, '1', null, undefined]) {
      expect(() => encodeOne(type, bad)).toThrow(UnencodableMessageError);
    }
  });

  it.each([
    ['int64', [1, 2n ** 63n, -(2n ** 63n) - 1n]],
    ['bool', [0, 'true']],
    ['float64', [1n, '1']],
    ['string', [1, 'x'.repeat(32_768), 'é'.repeat(16_384)]],
    ['uuid', ['', 'AAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAB', 'AAAAAAAAAAAAAAAAAAAAA=']],
    ['bytes', ['AA==', [1]]],
  ] as const)('refuses what is no %s', (type, values) => {
    for (const value of values) expect(() => encodeOne(type, value)).toThrow(/^One v0, field\[0\]: /);
  });

  it('names the element that cannot be written', () => {
    const Many = message('Many', '0', 'none', { field: array('0', struct({ id: int8('0') })) });
    const field = [{ id: 1 }, { id: 128 }];
    expect(() => Many.encode(0, { field })).toThrow('Many v0, field[1].id: 128 is not an int8');
  });
});

const Sample = message('Sample', '0-2', '2', {
  kept: int32('0+', { default: 5 }),
  lost: string('1+'),
  dropped: int32('1+', { default: -1, ignorable: true }),
  list: array('1+', int32),
  place: nested('1+', struct({ x: int32('1+', { default: -1 }) })),
});
const plain = { lost: '', list: [], place: {} };

describe('a field that the version lacks', () => {
  it.each([
    ['lost', { ...plain, lost: 'x' }],
    ['list', { ...plain, list: [1] }],
    ['place', { ...plain, place: { x: 3 } }],
  ])('is an error by its name (%s) where it is not the default', (name, value) => {
    try {
      Sample.encode(0, value);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(UnencodableMessageError);
      expect(thrown).toMatchObject({ error: 'UNSUPPORTED_VERSION', place: { path: name } });
    }
  });

  it('may be there with its default, spelt out or left out', () => {
    expect(Sample.encode(0, { ...plain, place: { x: -1 } })).toEqual(Sample.encode(0, plain));
  });

  it('is dropped where it is ignorable', () => {
    expect(Sample.encode(0, { ...plain, dropped: 9 }).length).toBe(4);
  });

  it('is decoded as its default', () => {
    expect(Sample.decode(0, Sample.encode(0, { ...plain, kept: 1 }))).toEqual({
      kept: 1,
      lost: '',
      dropped: -1,
      list: [],
      place: { x: -1 },
    });
  });

  it('does not let one message change the defaults of the next', () => {
    const { list, place } = Sample.decode(0, Sample.encode(0, plain));
    expect(Object.isFrozen(list)).toBe(true);
    expect(Object.isFrozen(place)).toBe(true);
  });
});

describe('a field with a default', () => {
  it('may be missing from the value', () => {
    expect(Sample.decode(1, Sample.encode(1, plain))).toMatchObject({ kept: 5, dropped: -1 });
  });
});

describe('unknown tagged fields', () => {
  it('are an error in a version that has no tagged fields', () => {
    const unknownTags = [{ tag: 9, bytes: Buffer.alloc(0) }];
    expect(() => Sample.encode(1, { ...plain, unknownTags })).toThrow('this version cannot carry tagged fields');
  });
});
