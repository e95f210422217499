/**
 * `/latest_producer_id_block`: the producer ids that were given out last, 1000 at a time. Brokers raise it by its version.
 *
 *   {"version":1,"broker":3,"block_start":"2000","block_end":"2999"}
 *
 * It has no data, null or of no length, until the first block. Source: Kafka's ProducerIdBlockZNode.
 */
import { type BrokerId, brokerId, type ProducerId, producerId } from '@barnabas/model';
import { int64Text, natural } from './json/kinds.ts';
import { Place } from './json/place.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

export const PRODUCER_ID_BLOCK_PATH = '/latest_producer_id_block';

export type ProducerIdBlock = {
  readonly broker: BrokerId;
  readonly first: ProducerId;
  readonly last: ProducerId;
};

/** undefined before the first block. @throws MalformedZnodeError */
export function decodeProducerIdBlock(data: Uint8Array | null): ProducerIdBlock | undefined {
  if (data === null || data.length === 0) return undefined;
  const json = readJson(PRODUCER_ID_BLOCK_PATH, data);
  const first = json.required('block_start', int64Text);
  const last = json.required('block_end', int64Text);
  if (first < 0 || last < first) throw new Place(PRODUCER_ID_BLOCK_PATH).wrong(`it is from ${first} to ${last}`);
  return { broker: brokerId(json.required('broker', natural)), first: producerId(first), last: producerId(last) };
}

export function encodeProducerIdBlock({ broker, first, last }: ProducerIdBlock): Uint8Array {
  return writeJson({ version: 1, broker, block_start: `${first}`, block_end: `${last}` });
}
