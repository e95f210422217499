import { describe, expect, it } from 'vitest';
import type { DoorResponse } from '../../src/http/door.ts';
import { pageOf, readRequest } from '../../src/wire/read.ts';

const place = { topic: 'orders', partition: 3 };

const answer = (body: string, nextOffset: string | undefined = '9'): DoorResponse => ({
  status: 200,
  header: (name) => (name === 'next-offset' ? nextOffset : undefined),
  body: Buffer.from(body),
});

const valueIn = (members: string): string | null => {
  const record = `{"partition":3,"offset":8,"timestamp":5,"key":"k",${members},"headers":[]}`;
  const [read] = pageOf(answer(`[${record}]`), place).records;
  return read?.value === null ? null : Buffer.from(read?.value ?? []).toString('latin1');
};

describe('readRequest', () => {
  it('asks for JSON', () => {
    const request = readRequest({ topic: 'a.b', partition: 0 }, { position: 5, waitMs: 100, maxBytes: 2000 });
    expect(request.path).toBe('/v1/topics/a.b/partitions/0/records?offset=5&limit=50000&bytes=2000&wait=100');
    expect(request.headers).toEqual({ accept: 'application/json' });
  });
});

describe('pageOf', () => {
  it('gives records as they were written, and the offset to go on with', () => {
    const header = '{"key":"h","value":"AQI=","valueEncoding":"base64"}';
    const record = `{"partition":3,"offset":8,"timestamp":5,"key":"/w==","keyEncoding":"base64","value":"v","headers":[${header}]}`;
    expect(pageOf(answer(`[${record}]`, '12'), place)).toEqual({
      records: [
        {
          topic: 'orders',
          partition: 3,
          offset: 8,
          timestamp: 5,
          key: Buffer.from([255]),
          value: Buffer.from('v'),
          headers: [{ key: 'h', value: Buffer.from([1, 2]) }],
        },
      ],
      nextOffset: 12,
    });
    expect(pageOf(answer('[]', '12'), place)).toEqual({ records: [], nextOffset: 12 });
  });

  it.each([
    ['text', '"value":"a\\"b\\u00e9"', Buffer.from('a"bé').toString('latin1')],
    ['bytes', '"value":"/wA=","valueEncoding":"base64"', '\xff\x00'],
    ['no value', '"value":null', null],
    ['a JSON string', '"value":"a\\u0062","valueEncoding":"json"', '"a\\u0062"'],
    ['a JSON null', '"value":null,"valueEncoding":"json"', 'null'],
    ['a number with all its digits', '"value":12345678901234567890.10', '12345678901234567890.10'],
    ['an object with its spaces', '"value":{ "value" :\n[1, {"}":"]\\\\"}] }', '{ "value" :\n[1, {"}":"]\\\\"}] }'],
    ['a literal', '"value":false', 'false'],
    ['an empty array', '"value":[]', '[]'],
  ])('knows %s', (_, members, bytes) => {
    expect(valueIn(members)).toBe(bytes);
  });

  it.each([
    ['no array', '{}', '1'],
    ['half an answer', '[{"value":', '1'],
    ['something in between', '[1 2]', '1'],
    ['a record without a value', '[{"offset":1}]', '1'],
    ['no offset to go on with', '[]', undefined],
  ])('takes %s for a fault of the server that may pass', (_, body, next) => {
    expect(() => pageOf({ ...answer(body), header: () => next }, place)).toThrow(
      expect.objectContaining({ error: 'UNKNOWN_SERVER_ERROR', isRetriable: true }),
    );
  });
});
