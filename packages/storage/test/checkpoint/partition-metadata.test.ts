import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import {
  formatPartitionMetadata,
  parsePartitionMetadata,
  readPartitionMetadata,
  writePartitionMetadata,
} from '../../src/checkpoint/partition-metadata.ts';
import { goldenFile, goldenFiles, goldenPartitions } from '../golden-partitions.ts';
import { expectNoCrash, FILE, malformed } from './parse-failure.ts';

const TOPIC_ID = 'dYg_iA3yQzqDLNDVbYWm4Q';
const PATH = '/data/t-0/partition.metadata';

describe("Kafka's partition.metadata", () => {
  it('holds the topic id that Kafka read, and is written back as the same bytes', () => {
    const existing = new Set(goldenFiles('{cluster,unclean,compaction}/**/partition.metadata'));
    const partitions = goldenPartitions().filter(({ dir }) => existing.has(`${dir}/partition.metadata`));
    expect(partitions.length).toBeGreaterThan(80);
    for (const { dir, topicId } of partitions) {
      const bytes = goldenFile(`${dir}/partition.metadata`);
      expect(parsePartitionMetadata(bytes.toString(), dir)).toBe(topicId);
      expect(formatPartitionMetadata(topicId)).toEqual(bytes);
    }
  });
});

describe('readPartitionMetadata', () => {
  it('answers what was written, and undefined for a missing file', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/data/t-0');
    expect(await readPartitionMetadata(disk.newProcess(), PATH)).toBeUndefined();
    await writePartitionMetadata(disk.newProcess(), PATH, TOPIC_ID);
    expect(await readPartitionMetadata(disk.newProcess(), PATH)).toBe(TOPIC_ID);
  });

  it('refuses an empty file', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantFile(PATH, Buffer.alloc(0));
    await expect(readPartitionMetadata(disk.newProcess(), PATH)).rejects.toMatchObject({ file: PATH });
  });
});

describe('parsePartitionMetadata', () => {
  it('takes an ended last line too', () => {
    expect(parsePartitionMetadata(`version: 0\ntopic_id: ${TOPIC_ID}\n`, FILE)).toBe(TOPIC_ID);
  });

  it.each([
    ['', 1],
    ['version: 1\ntopic_id: dYg_iA3yQzqDLNDVbYWm4Q', 1],
    ['version:0\ntopic_id: dYg_iA3yQzqDLNDVbYWm4Q', 1],
    ['version: 0', 2],
    ['version: 0\ntopic_id: ', 2],
    ['version: 0\ntopic_id: dYg_iA3yQzqDLNDVbYWm4', 2],
    ['version: 0\ntopic_id: dYg_iA3yQzqDLNDVbYWm4R', 2],
    ['version: 0\ntopic_id: dYg+iA3yQzqDLNDVbYWm4Q', 2],
    ['version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAA', 2],
    ['version: 0\ntopic_id: dYg_iA3yQzqDLNDVbYWm4Q\nmore', 3],
  ])('refuses %j at line %i', (text, line) => {
    expect(malformed(() => parsePartitionMetadata(text, FILE))).toMatchObject({ file: FILE, position: { line } });
  });

  it('never breaks on random or changed bytes', () => {
    expectNoCrash(formatPartitionMetadata(TOPIC_ID), (bytes, file) => parsePartitionMetadata(bytes.toString(), file));
  });
});
