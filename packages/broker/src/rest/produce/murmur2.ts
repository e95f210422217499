/**
 * MurmurHash2 of 32 bits with the seed of Kafka's clients, as a signed integer. Whoever puts a key into the same partition as
 * they do has to compute the same. Source: Kafka's Utils.murmur2.
 */
const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

export const murmur2 = (bytes: Buffer): number => {
  const wholeBytes = bytes.length & ~3;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wholeBytes; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    word ^= word >>> SHIFT;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (bytes.length > wholeBytes) {
    hash = Math.imul(hash ^ bytes.readUIntLE(wholeBytes, bytes.length - wholeBytes), MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
};

/** The partition for a key: as Kafka's default partitioner chooses it, leaders or not. */
export const partitionForKey = (key: Buffer, partitionCount: number): number =>
  (murmur2(key) & 0x7fff_ffff) % partitionCount;
