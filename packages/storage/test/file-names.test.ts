import { basename } from 'node:path';
import { formatTopicPartition, offset } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parsePartitionDirectory,
  parseSegmentFileName,
  SEGMENT_SUFFIXES,
  STATE_SUFFIXES,
  segmentFileName,
  suffixedDirectoryName,
} from '../src/file-names.ts';
import { goldenFiles, goldenPartitions } from './golden-partitions.ts';

const ID = '0123456789abcdef0123456789abcdef';

describe('segmentFileName', () => {
  it('pads the offset to 20 digits', () => {
    expect(segmentFileName(offset(42), '.log')).toBe('00000000000000000042.log');
    expect(segmentFileName(offset(Number.MAX_SAFE_INTEGER), '.snapshot', '.deleted')).toBe(
      '00009007199254740991.snapshot.deleted',
    );
  });

  it('is read back by parseSegmentFileName', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.constantFrom(...SEGMENT_SUFFIXES),
        fc.constantFrom(...STATE_SUFFIXES, undefined),
        (base, suffix, state) => {
          const parsed = parseSegmentFileName(segmentFileName(offset(base), suffix, state));
          expect(parsed).toEqual({ baseOffset: base, suffix, state });
        },
      ),
    );
  });
});

describe('parseSegmentFileName', () => {
  it("knows all of Kafka's segment files", () => {
    const names = goldenFiles('{cluster,unclean,compaction}/**/[0-9]*.*').map((path) => basename(path));
    expect(names.length).toBeGreaterThan(500);
    for (const name of names) {
      const parsed = parseSegmentFileName(name);
      expect(parsed && segmentFileName(parsed.baseOffset, parsed.suffix, parsed.state)).toBe(name);
    }
  });

  it.each([
    'leader-epoch-checkpoint',
    '42.log',
    '00000000000000000042',
    '00000000000000000042.txt',
    '00000000000000000042.log.tmp',
    '00000000000000000042.log.swap.deleted',
    '-0000000000000000042.log',
    '00009007199254740992.log',
    '000000000000000000042.log',
    '00000000000000000042.log\n',
  ])('does not know %j', (name) => {
    expect(parseSegmentFileName(name)).toBeUndefined();
  });
});

describe('parsePartitionDirectory', () => {
  it("knows all of Kafka's partition directories", () => {
    for (const { dir, topic, partition } of goldenPartitions()) {
      expect(parsePartitionDirectory(basename(dir))).toEqual({ topic, partition, suffix: undefined });
      expect(formatTopicPartition({ topic, partition })).toBe(basename(dir));
    }
  });

  it('takes what follows the last dash for the partition', () => {
    expect(parsePartitionDirectory('a-1-2')).toEqual({ topic: 'a-1', partition: 2, suffix: undefined });
    expect(parsePartitionDirectory('a.b_c-2147483647')).toMatchObject({ topic: 'a.b_c', partition: 2147483647 });
  });

  it.each(['-delete', '-stray', '-future'] as const)('knows a %s directory', (suffix) => {
    const name = suffixedDirectoryName({ topic: 'a.b', partition: 3 }, suffix, ID);
    expect(name).toBe(`a.b-3.${ID}${suffix}`);
    expect(parsePartitionDirectory(name)).toEqual({ topic: 'a.b', partition: 3, suffix });
  });

  it.each([
    'a',
    'a-',
    '-1',
    'a-x',
    'a-01',
    'a--1 ',
    'a-2147483648',
    'a b-1',
    `${'a'.repeat(250)}-1`,
    'a-1-delete',
    `a-1.${ID}-gone`,
    `a-1.${ID.slice(1)}-delete`,
    `a-1.${ID.toUpperCase()}-delete`,
    `.${ID}-delete`,
    '.kafka_cleanshutdown',
    'lost+found',
  ])('does not know %j', (name) => {
    expect(parsePartitionDirectory(name)).toBeUndefined();
  });
});

describe('suffixedDirectoryName', () => {
  it.each(['-delete', '-stray'] as const)('cuts a long topic so that a %s name has 255 characters', (suffix) => {
    const name = suffixedDirectoryName({ topic: 't'.repeat(249), partition: 12 }, suffix, ID);
    expect(name.length).toBe(255);
    expect(parsePartitionDirectory(name)).toMatchObject({ partition: 12, suffix });
  });

  it('keeps the whole topic of a -future name, which is what the replica will be called', () => {
    const topic = 't'.repeat(249);
    const name = suffixedDirectoryName({ topic, partition: 12 }, '-future', ID);
    expect(parsePartitionDirectory(name)).toEqual({ topic, partition: 12, suffix: '-future' });
  });
});
