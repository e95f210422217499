/** What `POST /v1/producers` gave. */
export type ProducerIdentity = { readonly producerId: number; readonly epoch: number };

const LARGEST_SEQUENCE = 2 ** 31 - 1;
/** Kafka's own clients ask for another id here, and so leave the last one unused. */
const LAST_EPOCH = 32_766;

/**
 * How the next batch of one partition is numbered: identity, epoch, and the number of its first record. The partition takes
 * a batch once, whatever number of times it is sent, as long as it is the same batch under the same numbers (KIP-98).
 */
export type Sequence = ProducerIdentity & { readonly next: number };

export const firstSequence = (identity: ProducerIdentity): Sequence => ({ ...identity, next: 0 });

/** After a batch of `count` records; 0 comes after the largest int32. */
export const advanced = (sequence: Sequence, count: number): Sequence => ({
  ...sequence,
  next: (sequence.next + count) % (LARGEST_SEQUENCE + 1),
});

/**
 * Begins anew under the next epoch, which a client may take by itself (KIP-360): whatever is still under way under this one
 * is refused from then on. Undefined where there is no next one, and another id is needed.
 */
export const inNextEpoch = ({ producerId, epoch }: Sequence): Sequence | undefined =>
  epoch < LAST_EPOCH ? { producerId, epoch: epoch + 1, next: 0 } : undefined;
