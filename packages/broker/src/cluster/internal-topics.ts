/** Where groups and what they have committed are kept. */
export const OFFSETS_TOPIC = '__consumer_offsets';

/** The topics that brokers keep their own state in; no client may write to them. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set([OFFSETS_TOPIC, '__transaction_state']);

export const isInternalTopic = (name: string): boolean => INTERNAL_TOPICS.has(name);
