import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toKafkaJson } from '../../src/schema/kafka-json.ts';
import { formatKafkaJson } from '../../src/schema/kafka-json-text.ts';
import type { Message } from '../../src/schema/message.ts';
import { SAMPLE_MESSAGES } from './sample-messages.ts';

const FILES = [
  'headers',
  'AlterClientQuotas',
  'ApiVersions',
  'ConsumerGroupHeartbeat',
  'Fetch',
  'JoinGroup',
  'LeaderAndIsr',
  'Metadata',
  'Produce',
  'UpdateMetadata',
];

type Sample = {
  readonly api: string;
  readonly kind: string;
  readonly version: number;
  readonly hex: string;
  readonly jsonText: string;
  readonly unknownTags: Readonly<Record<string, string>>;
};

/** The JSON is kept as text, for its numbers have more than 53 bits and its order counts. */
const samplesOf = (file: string): Sample[] => {
  const url = new URL(`../../../../test/golden/messages/${file}.ndjson`, import.meta.url);
  const lines = readFileSync(url, 'utf8').trimEnd().split('\n');
  return lines.map((line) => ({
    unknownTags: {},
    ...JSON.parse(line),
    jsonText: line.slice(line.indexOf('"json":') + '"json":'.length, line.lastIndexOf(',"hex":')),
  }));
};

const schemaOf = ({ api, kind }: Sample): Message<object, object> => {
  const schema = (SAMPLE_MESSAGES as unknown as Record<string, Message<object, object>>)[`${api} ${kind}`];
  if (schema === undefined) throw new Error(`no schema for ${api} ${kind}`);
  return schema;
};

const hexOfTags = (value: { readonly unknownTags?: readonly { tag: number; bytes: Buffer }[] }) =>
  Object.fromEntries((value.unknownTags ?? []).map(({ tag, bytes }) => [tag, bytes.toString('hex')]));

describe.each(FILES)("Kafka's own bytes of %s", (file) => {
  const samples = samplesOf(file);

  it('give the JSON that Kafka makes of them', () => {
    for (const sample of samples) {
      const schema = schemaOf(sample);
      const value = schema.decode(sample.version, Buffer.from(sample.hex, 'hex'));
      const text = formatKafkaJson(toKafkaJson(schema, sample.version, value));
      expect(text, `${sample.api} ${sample.kind} v${sample.version}`).toBe(sample.jsonText);
      expect(hexOfTags(value)).toEqual(sample.unknownTags);
    }
  });

  it('come back from the decoded value', () => {
    for (const sample of samples) {
      const schema = schemaOf(sample);
      const value = schema.decode(sample.version, Buffer.from(sample.hex, 'hex'));
      const again = schema.encode(sample.version, value).toString('hex');
      expect(again, `${sample.api} ${sample.kind} v${sample.version}`).toBe(sample.hex);
    }
  });

  it('end with an error wherever they are cut', () => {
    for (const sample of samples) {
      const schema = schemaOf(sample);
      const bytes = Buffer.from(sample.hex, 'hex');
      for (let size = 0; size < bytes.length; size++) {
        const cut = bytes.subarray(0, size);
        expect(() => schema.decode(sample.version, cut), `${sample.api} v${sample.version}`).toThrow(/at byte \d+/);
      }
    }
  });
});
