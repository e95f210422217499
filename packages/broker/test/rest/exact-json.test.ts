import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf, membersOf } from '../../src/rest/json/json-slices.ts';
import { jsonText } from './support/json-text.ts';
import { testDoor } from './support/test-door.ts';

const RECORDS = '/v1/topics/t/partitions/0/records';
const JSON_TYPE = { 'content-type': 'application/json' };
const STRUCTURED = 'application/vnd.barnabas.records+json';

describe('JSON that goes through the door', () => {
  it('is in the log, and comes back, byte for byte', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    await fc.assert(
      fc.asyncProperty(jsonText, async (text) => {
        const offset = cluster.partition('t').highWatermark;
        const isArray = text.startsWith('[');
        const payload = isArray ? `[${text}]` : ` ${text}\n`;
        const sent = await send({ method: 'POST', url: RECORDS, headers: JSON_TYPE, payload });
        expect([sent.statusCode, sent.body]).toEqual([200, expect.anything()]);
        expect(cluster.partition('t').records.at(-1)?.value?.toString()).toBe(text);

        const read = await send({ url: `${RECORDS}?offset=${offset}`, headers: { accept: 'application/json' } });
        const [record] = elementsOf(Buffer.from(read.body)) ?? [];
        expect(
          membersOf(record ?? Buffer.alloc(0))
            .get('value')
            ?.toString(),
        ).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it('is one line of NDJSON that means the same', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const text = '{\n  "a": 9007199254740993,\r\n  "b": "\\n"\n}';
    await send({ method: 'POST', url: RECORDS, headers: JSON_TYPE, payload: text });
    const { body } = await send({ url: RECORDS });
    expect(body.split('\n')).toEqual([expect.stringContaining('"a": 9007199254740993,    "b": "\\n" }'), '']);
  });
});

describe('what was read', () => {
  it('can be produced again: the same bytes of key, value and headers', async () => {
    const bytes = fc.oneof(
      fc.constant(null),
      fc.uint8Array({ maxLength: 12 }),
      fc.string({ unit: 'binary' }),
      jsonText,
    );
    const record = fc.record({ key: bytes, value: bytes, header: bytes, headerKey: fc.string() });
    const { cluster, send } = await testDoor();
    cluster.addTopic('from');
    cluster.addTopic('to');
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 5 }), async (records) => {
        const at = [cluster.partition('from'), cluster.partition('to')].map((it) => it.highWatermark);
        const lines = records.map(({ key, value, header, headerKey }) =>
          JSON.stringify({
            ...encoded('key', key),
            ...encoded('value', value),
            headers: [{ key: headerKey, ...encoded('value', header) }],
          }),
        );
        const headers = { 'content-type': STRUCTURED };
        const first = await send({
          method: 'POST',
          url: '/v1/topics/from/records',
          headers,
          payload: `[${lines}]`,
        });
        expect(first.statusCode).toBe(200);
        const url = `/v1/topics/from/partitions/0/records?offset=${at[0]}`;
        const { body } = await send({ url, headers: { accept: 'application/json' } });
        const again = await send({ method: 'POST', url: '/v1/topics/to/records', headers, payload: body });
        expect(again.statusCode).toBe(200);
        const written = cluster.partition('from').records.slice(at[0]);
        const rewritten = cluster.partition('to').records.slice(at[1]);
        expect(rewritten.map(content)).toEqual(written.map(content));
        expect(written.map(({ value }) => value)).toEqual(records.map(({ value }) => bytesOf(value)));
      }),
      { numRuns: 200 },
    );
  });
});

const bytesOf = (it: null | string | Uint8Array): Buffer | null =>
  it === null ? null : typeof it === 'string' ? Buffer.from(it) : Buffer.from(it);

const encoded = (name: string, it: null | string | Uint8Array) => {
  const base64 = bytesOf(it)?.toString('base64') ?? null;
  return { [name]: base64, [`${name}Encoding`]: 'base64' };
};

const content = ({
  key,
  value,
  headers,
  timestamp,
}: {
  key: unknown;
  value: unknown;
  headers: unknown;
  timestamp: number;
}) => ({
  key,
  value,
  headers,
  timestamp,
});
