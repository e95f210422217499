/**
 * The id of a topic: a random UUID, written as 22 characters of URL-safe base64 without padding. The UUIDs 0 and 1 are
 * reserved: no topic, and the metadata topic of a cluster without ZooKeeper. Source: Kafka's Uuid.
 */
import type { Random } from '@barnabas/model';
import type { Kind } from './json/kinds.ts';
import { randomUuid } from './random-uuid.ts';

/** 16 bytes need 21 characters and two bits of the last one. */
const TOPIC_ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const ZERO_ID = 'A'.repeat(22);

export const topicId: Kind<string> = (value, place) => {
  if (typeof value !== 'string' || !TOPIC_ID.test(value) || value === ZERO_ID) {
    throw place.expected('the 22 characters of a topic id', value);
  }
  return value;
};

/** Drawn again where its text starts with `-`, which tools would take for an option. Its version makes it no reserved one. */
export function randomTopicId(random: Random): string {
  let id = randomUuid(random);
  while (id.startsWith('-')) id = randomUuid(random);
  return id;
}
