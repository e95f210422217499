/** What a disk may do to the files of a process that was killed: to bytes that no flush is known to have covered. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@barnabas/model';
import { baseOffsetOf, batchBytesOf, batchesIn, nextOffsetOf } from '@barnabas/protocol';
import { chance, pick } from '@barnabas/testkit';

/** A batch and where it is. */
export type Found = { readonly file: string; readonly at: number; readonly sizeBytes: number; readonly next: number };

/** All batches of a partition's directory that are whole, in order, by the headers alone. */
export const batchesOf = (dir: string): Found[] =>
  logFilesOf(dir).flatMap((file) => {
    const bytes = readFileSync(file);
    return wholeBatches(bytes).map((at) => ({
      file,
      at,
      sizeBytes: batchBytesOf(bytes, at),
      next: nextOffsetOf(bytes, at),
    }));
  });

/** Does something to what lies at or after offset `from`; answers what, if there was anything to do it to. */
export const damageTail = (dir: string, from: number, random: Random): string => {
  const file = logFilesOf(dir).at(-1);
  if (file === undefined) return 'nothing';
  const bytes = readFileSync(file);
  const start = wholeBatches(bytes).find((at) => baseOffsetOf(bytes, at) >= from) ?? bytes.length;
  const isAllBeyond = start < bytes.length || Number(/(\d+)\.log$/.exec(file)?.[1]) >= from;
  if (start === bytes.length && !isAllBeyond && chance(random, 0.5)) return 'nothing';
  const at = start + random.below(bytes.length - start + 1);
  const kind = pick(random, ['cut', 'zeros', 'flip', 'garbage'] as const);
  writeFileSync(file, damaged(bytes, kind === 'flip' ? checkedByte(bytes, at) : at, kind, random));
  return kind;
};

/** The base offset and the leader epoch of a batch are outside its checksum: a byte behind them instead. */
const checkedByte = (bytes: Buffer, at: number): number => {
  const batch = wholeBatches(bytes).findLast((start) => start <= at) ?? at;
  return Math.max(at, batch + 16);
};

const damaged = (bytes: Buffer, at: number, kind: 'cut' | 'zeros' | 'flip' | 'garbage', random: Random): Buffer => {
  const kept = bytes.subarray(0, at);
  switch (kind) {
    case 'cut':
      return kept;
    case 'zeros':
      return Buffer.concat([kept, Buffer.alloc(Math.max(bytes.length - at, random.below(9000)))]);
    case 'garbage':
      return Buffer.concat([kept, random.bytes(1 + random.below(5000))]);
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << random.below(8)), at);
      return flipped;
    }
  }
};

/** Flips a bit that a checksum covers; again, and it is as before. */
export const flipBit = (file: string, at: number): void => {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
};

export const logFilesOf = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => join(dir, name));

const wholeBatches = (bytes: Buffer): number[] => {
  const positions: number[] = [];
  try {
    for (const at of batchesIn(bytes)) positions.push(at);
  } catch {
    // What follows is no batch, as after a damage of an earlier round that was not cut yet.
  }
  return positions;
};
