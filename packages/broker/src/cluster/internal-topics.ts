/** The topics that brokers keep their own state in; no client may write to them. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

export const isInternalTopic = (name: string): boolean => INTERNAL_TOPICS.has(name);
