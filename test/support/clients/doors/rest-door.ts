import type { PlainRecord, RecordDoor } from './record-door.ts';

type Field = { readonly key: string | null; readonly keyEncoding?: string };
type Value = { readonly value: string | null; readonly valueEncoding?: string };
type JsonRecord = Field &
  Value & { readonly timestamp: number; readonly headers: readonly (Value & { readonly key: string })[] };

/** HTTP, of one broker. It is not for values that are JSON: they are read as such. */
export const restDoor = (url: string): RecordDoor => ({
  name: 'HTTP',
  produce: async (topic, records) => {
    const body = records.map((record) => `${JSON.stringify(jsonOf(record))}\n`).join('');
    const headers = { 'content-type': 'application/vnd.barnabas.records+x-ndjson' };
    const response = await fetch(recordsUrl(url, topic), { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  },
  read: async (topic) => {
    const response = await fetch(`${recordsUrl(url, topic)}?offset=0`);
    const lines = (await response.text()).trimEnd().split('\n');
    return lines.map((line) => plainOf(JSON.parse(line) as JsonRecord));
  },
});

const recordsUrl = (url: string, topic: string): string => `${url}/v1/topics/${topic}/partitions/0/records`;

const jsonOf = ({ key, value, headers, timestamp }: PlainRecord): JsonRecord => ({
  timestamp,
  ...(key === null ? { key } : { key, keyEncoding: 'base64' }),
  ...jsonValueOf(value),
  headers: headers.map(([name, headerValue]) => ({ key: name, ...jsonValueOf(headerValue) })),
});

const jsonValueOf = (value: string | null): Value => (value === null ? { value } : { value, valueEncoding: 'base64' });

const plainOf = ({ key, keyEncoding, headers, timestamp, ...rest }: JsonRecord): PlainRecord => ({
  key: base64Of(key, keyEncoding),
  value: plainValueOf(rest),
  headers: headers.map(({ key: name, ...value }) => [name, plainValueOf(value)]),
  timestamp,
});

const plainValueOf = ({ value, valueEncoding }: Value): string | null => base64Of(value, valueEncoding);

const base64Of = (text: string | null, encoding: string | undefined): string | null =>
  text === null || encoding === 'base64' ? text : Buffer.from(text).toString('base64');
