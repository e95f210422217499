import { leaderEpoch, offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import {
  formatLeaderEpochCheckpoint,
  parseLeaderEpochCheckpoint,
  readLeaderEpochCheckpoint,
  writeLeaderEpochCheckpoint,
} from '../../src/checkpoint/leader-epoch-checkpoint.ts';
import { goldenFile, goldenFiles, goldenPartitions } from '../golden-partitions.ts';
import { expectNoCrash, FILE, malformed } from './parse-failure.ts';

const PATH = '/data/t-0/leader-epoch-checkpoint';

describe("Kafka's leader epoch checkpoints", () => {
  it('hold what Kafka read, and are written back as the same bytes', () => {
    const existing = new Set(goldenFiles('{cluster,unclean,compaction}/**/leader-epoch-checkpoint'));
    const partitions = goldenPartitions().filter(({ dir }) => existing.has(`${dir}/leader-epoch-checkpoint`));
    expect(partitions.length).toBeGreaterThan(80);
    for (const { dir, leaderEpochs } of partitions) {
      const bytes = goldenFile(`${dir}/leader-epoch-checkpoint`);
      const entries = parseLeaderEpochCheckpoint(bytes.toString(), dir);
      expect(entries.map(({ epoch, startOffset }) => [epoch, startOffset])).toEqual(leaderEpochs);
      if (bytes.length > 0) expect(formatLeaderEpochCheckpoint(entries)).toEqual(bytes);
    }
  });
});

describe('readLeaderEpochCheckpoint', () => {
  it('answers what was written', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/data/t-0');
    const entries = [
      { epoch: leaderEpoch(0), startOffset: offset(0) },
      { epoch: leaderEpoch(2147483647), startOffset: offset(2 ** 40) },
    ];
    await writeLeaderEpochCheckpoint(disk.newProcess(), PATH, entries);
    expect(disk.readDurable(PATH)?.toString()).toBe('0\n2\n0 0\n2147483647 1099511627776\n');
    expect(await readLeaderEpochCheckpoint(disk.newProcess(), PATH)).toEqual(entries);
  });

  it('answers nothing for a missing file and for one of 0 bytes', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/data/t-0');
    expect(await readLeaderEpochCheckpoint(disk.newProcess(), PATH)).toEqual([]);
    disk.plantFile(PATH, Buffer.alloc(0));
    expect(await readLeaderEpochCheckpoint(disk.newProcess(), PATH)).toEqual([]);
  });
});

describe('parseLeaderEpochCheckpoint', () => {
  it.each(['0', '0 1 2', '-1 0', '0 -1', '2147483648 0', 'x 0'])('refuses the entry %j', (entry) => {
    const error = malformed(() => parseLeaderEpochCheckpoint(`0\n1\n${entry}\n`, FILE));
    expect(error).toMatchObject({ file: FILE, position: { line: 3 } });
  });

  it('never breaks on random or changed bytes', () => {
    expectNoCrash(Buffer.from('0\n3\n0 0\n1 12\n5 345\n'), (bytes, file) =>
      parseLeaderEpochCheckpoint(bytes.toString(), file),
    );
  });
});
