/**
 * Where a reader of a whole topic is: where it goes on in each of the partitions, as one text. It is made of URL-safe base64,
 * without padding, of
 *
 *   uint8 format (1), 16 bytes that tell the topic from all others, uvarint `since` in ms, uvarint count of partitions,
 *   for each partition from 0 on a uvarint: 0 at its beginning, 1 at its first record since `since`, n + 2 at offset n
 *
 * There is one text for each position and no other: whatever is not written so is refused.
 */
import { createHash } from 'node:crypto';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import { badRequest } from '../http/rest-error.ts';
import type { Start } from '../read/offset-for.ts';

export type TopicPosition = {
  /** Time from which on those that begin at `timestamp` begin, in ms. */
  readonly sinceMs: number;
  /** By the number of the partition, from 0 on. */
  readonly places: readonly Place[];
};

/** Where to go on in a partition: always where it was, however the log has grown since. */
export type Place = Extract<Start, { kind: 'offset' | 'earliest' | 'timestamp' }>;

const FORMAT = 1;
const TOPIC_BYTES = 16;
const AT_BEGINNING = 0;
const SINCE = 1;
const FIRST_OFFSET = 2;

export const encodePosition = (topic: ClusterTopic, { sinceMs, places }: TopicPosition): string => {
  const bytes = [FORMAT, ...topicBytes(topic)];
  pushVarint(bytes, sinceMs);
  pushVarint(bytes, places.length);
  for (const place of places) pushVarint(bytes, codeOf(place));
  return Buffer.from(bytes).toString('base64url');
};

/** @throws KafkaError INVALID_REQUEST for what is none, or one of another topic */
export const decodePosition = (topic: ClusterTopic, text: string): TopicPosition => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes[0] !== FORMAT || bytes.length <= TOPIC_BYTES) throw malformed();
  if (!topicBytes(topic).equals(bytes.subarray(1, 1 + TOPIC_BYTES))) {
    throw badRequest(
      `the position is not one in this topic ${topic.name}: it is of another one, or of one deleted since`,
    );
  }
  const numbers = varintsIn(bytes.subarray(1 + TOPIC_BYTES));
  const [sinceMs = -1, count = -1, ...codes] = numbers;
  if (count !== codes.length) throw malformed();
  const position = { sinceMs, places: codes.map((code) => placeOf(code, sinceMs)) };
  if (encodePosition(topic, position) !== text) throw malformed();
  return position;
};

const malformed = () => badRequest('the position is none: take the Next-Offset of an answer, or the id of an event');

/** Those of its id; of its name where it has none. */
const topicBytes = ({ name, topicId }: ClusterTopic): Buffer =>
  topicId === undefined
    ? createHash('sha256').update(name).digest().subarray(0, TOPIC_BYTES)
    : Buffer.from(topicId, 'base64url');

const codeOf = (place: Place): number => {
  if (place.kind === 'offset') return place.offset + FIRST_OFFSET;
  return place.kind === 'earliest' ? AT_BEGINNING : SINCE;
};

const placeOf = (code: number, sinceMs: number): Place => {
  if (code === AT_BEGINNING) return { kind: 'earliest' };
  return code === SINCE ? { kind: 'timestamp', timestampMs: sinceMs } : { kind: 'offset', offset: code - FIRST_OFFSET };
};

const SEVEN_BITS = 128;

/** By division: offsets have more bits than JavaScript shifts. */
const pushVarint = (bytes: number[], value: number): void => {
  let rest = value;
  for (; rest >= SEVEN_BITS; rest = Math.floor(rest / SEVEN_BITS)) bytes.push((rest % SEVEN_BITS) + SEVEN_BITS);
  bytes.push(rest);
};

/** @throws KafkaError for one that does not end, or is beyond 2^53 */
const varintsIn = (bytes: Buffer): number[] => {
  const numbers: number[] = [];
  let value = 0;
  let unit = 1;
  for (const byte of bytes) {
    value += (byte % SEVEN_BITS) * unit;
    unit *= SEVEN_BITS;
    if (!Number.isSafeInteger(value)) throw malformed();
    if (byte >= SEVEN_BITS) continue;
    numbers.push(value);
    value = 0;
    unit = 1;
  }
  if (unit !== 1) throw malformed();
  return numbers;
};
