/**
 * What bounds the memory that clients can have a shard hold, besides `group.max.size` and the size of a request. Kafka has no such
 * bounds; these lie far above what groups need whose record fits into a batch.
 */
export const GROUP_BOUNDS = {
  /** Members of one group with all that they say about themselves. */
  membersBytes: 64 * 1024 * 1024,
  /** Member ids that were given out and not yet used, over all groups of a shard; the oldest make room. */
  pendingMembers: 100_000,
  /** A name that a member gives; leaves room in `recordStringBytes` for the member id that is made of it. */
  nameBytes: 32_000,
  /** Any string of a record. */
  recordStringBytes: 32_767,
} as const;
