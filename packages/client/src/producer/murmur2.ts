const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/**
 * The hash by which Kafka's clients give keys to partitions: Austin Appleby's MurmurHash2, 32 bits, little-endian, with
 * Kafka's seed. A signed number, as Java has it.
 */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  const wholeBytes = length & ~3;
  let hash = SEED ^ length;
  for (let at = 0; at < wholeBytes; at += 4) {
    let word = Math.imul(wordAt(data, at), M);
    word = Math.imul(word ^ (word >>> R), M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (wholeBytes < length) hash = Math.imul(hash ^ wordAt(data, wholeBytes), M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

/** Four bytes, or as many as are left. */
function wordAt(data: Uint8Array, at: number): number {
  return (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24);
}
