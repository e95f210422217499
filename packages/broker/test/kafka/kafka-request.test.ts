import { APIS } from '@barnabas/protocol';
import { encodeRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { decodeKafkaRequest, MAX_REQUEST_ELEMENTS } from '../../src/kafka/kafka-request.ts';
import type { ServedApis } from '../../src/kafka/served-apis.ts';

const SIZE_BYTES = 4;
const APIS_SERVED = new Map([
  [APIS.Metadata.key, { api: APIS.Metadata, versions: APIS.Metadata.versions, handler: () => ({}) }],
]) as unknown as ServedApis;

const metadataFor = (topics: number): Buffer => {
  const request = { topics: Array.from({ length: topics }, () => ({ name: '' })) };
  const frame = encodeRequest(APIS.Metadata, 1, { correlationId: 1, clientId: 'c' }, request);
  return Buffer.concat(frame.parts).subarray(SIZE_BYTES);
};

describe('decodeKafkaRequest', () => {
  it('reads as many elements as a request may have', () => {
    expect(decodeKafkaRequest(metadataFor(MAX_REQUEST_ELEMENTS), APIS_SERVED).kind).toBe('request');
  });

  it('refuses one with more, before it has read them: two bytes each would stop the process for seconds', () => {
    expect(() => decodeKafkaRequest(metadataFor(MAX_REQUEST_ELEMENTS + 1), APIS_SERVED)).toThrow(
      /131073 more elements/,
    );
  });
});
