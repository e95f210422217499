import { describe, expect, it } from 'vitest';
import { toKafkaJson } from '../../src/schema/kafka-json.ts';
import { formatKafkaJson } from '../../src/schema/kafka-json-text.ts';
import type { UnknownTag } from '../../src/schema/tags.ts';
import { ALL_APIS, type GoldenSample, headerSamples, samplesOf } from '../support/golden-samples.ts';

const GROUPS = [
  { name: 'the headers', samples: headerSamples() },
  ...ALL_APIS.map((api) => ({ name: api.name, samples: samplesOf(api) })),
];

const label = ({ schema, version }: GoldenSample): string => `${schema.name} v${version}`;

const hexOfTags = (value: { readonly unknownTags?: readonly UnknownTag[] }) =>
  Object.fromEntries((value.unknownTags ?? []).map(({ tag, bytes }) => [tag, bytes.toString('hex')]));

describe.each(GROUPS)("Kafka's own bytes of $name", ({ samples }) => {
  it('give the JSON that Kafka makes of them', () => {
    for (const sample of samples) {
      const value = sample.schema.decode(sample.version, sample.bytes);
      const json = toKafkaJson(sample.schema, sample.version, value);
      expect(formatKafkaJson(json), label(sample)).toBe(sample.jsonText);
      expect(hexOfTags(value), label(sample)).toEqual(sample.unknownTags);
    }
  });

  it('come back from the decoded value', () => {
    for (const sample of samples) {
      const value = sample.schema.decode(sample.version, sample.bytes);
      const again = sample.schema.encode(sample.version, value);
      expect(again.toString('hex'), label(sample)).toBe(sample.bytes.toString('hex'));
    }
  });
});

describe('the golden messages', () => {
  it('have every version of every message, and unknown tags in the newest flexible one', () => {
    for (const api of ALL_APIS) {
      for (const schema of [api.request, api.response]) {
        const samples = samplesOf(api).filter((sample) => sample.schema === schema);
        const { min, max } = schema.versions;
        const versions = Array.from({ length: max - min + 1 }, (_, index) => min + index);
        expect([...new Set(samples.map(({ version }) => version))], schema.name).toEqual(versions);
        const tagged = samples.filter(({ unknownTags }) => Object.keys(unknownTags).length > 0);
        expect(
          tagged.map(({ version }) => version),
          schema.name,
        ).toEqual(schema.isFlexible(max) ? [max] : []);
      }
    }
  });
});
