import { dirname } from 'node:path';
import { offset } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/checkpoint/atomic-write.ts';
import {
  CLEANER_CHECKPOINT,
  formatOffsetCheckpoint,
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_CHECKPOINT,
  parseOffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
  readOffsetCheckpoint,
} from '../../src/checkpoint/offset-checkpoint.ts';
import { goldenFile, goldenFiles, goldenPartitions } from '../golden-partitions.ts';
import { expectNoCrash, FILE, malformed } from './parse-failure.ts';

const NAMES = {
  recoveryPoint: RECOVERY_POINT_CHECKPOINT,
  highWatermark: HIGH_WATERMARK_CHECKPOINT,
  logStartOffset: LOG_START_CHECKPOINT,
  firstDirtyOffset: CLEANER_CHECKPOINT,
} as const;

const parseGolden = (path: string) => parseOffsetCheckpoint(goldenFile(path).toString(), path);

describe("Kafka's offset checkpoints", () => {
  it('are written back as the same bytes', () => {
    const paths = goldenFiles(`{cluster,unclean,compaction}/**/{${Object.values(NAMES).join(',')}}`);
    expect(paths.length).toBeGreaterThan(50);
    for (const path of paths) expect(formatOffsetCheckpoint(parseGolden(path)), path).toEqual(goldenFile(path));
  });

  it('hold for each partition what Kafka read', () => {
    const existing = new Set(goldenFiles('{cluster,unclean,compaction}/**/*-offset-checkpoint'));
    let compared = 0;
    for (const { dir, topic, partition, checkpoints } of goldenPartitions()) {
      for (const [key, name] of Object.entries(NAMES)) {
        const path = `${dirname(dir)}/${name}`;
        if (!existing.has(path)) continue;
        const found = parseGolden(path).get(`${topic}-${partition}`) ?? null;
        expect(found, `${path} ${topic}-${partition}`).toBe(checkpoints[key as keyof typeof NAMES]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});

describe('readOffsetCheckpoint', () => {
  it('answers what was written, and nothing for a missing file', async () => {
    const files = new SimulatedDisk(seededRandom(1)).newProcess();
    const path = `/data/${CLEANER_CHECKPOINT}`;
    await files.makeDirectory('/data');
    expect(await readOffsetCheckpoint(files, path)).toEqual(new Map());
    const entries = new Map([
      ['with-dashes-3', offset(0)],
      ['__consumer_offsets-49', offset(Number.MAX_SAFE_INTEGER)],
    ]);
    await replaceFile(files, path, formatOffsetCheckpoint(entries));
    expect((await files.readFile(path)).toString()).toContain('with-dashes 3 0\n');
    expect(await readOffsetCheckpoint(files, path)).toEqual(entries);
  });

  it('passes on an error of the system', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantFile('/data/checkpoint', Buffer.from('0\n0\n'));
    disk.faults.fail('read', /checkpoint/, 'EIO');
    await expect(readOffsetCheckpoint(disk.newProcess(), '/data/checkpoint')).rejects.toMatchObject({ code: 'EIO' });
  });
});

describe('parseOffsetCheckpoint', () => {
  it.each([
    'a 0',
    'a 0 1 2',
    'a  0 1',
    ' a 0 1',
    'a 0 1 ',
    'a -1 1',
    'a 0 -1',
    'a 2147483648 1',
    'a 0 9007199254740992',
    'a 0 1.5',
    'a 0 0x10',
    'a/b 0 1',
    ' 0 1',
    '',
  ])('refuses the entry %j and names its line', (entry) => {
    const error = malformed(() => parseOffsetCheckpoint(`0\n2\ngood 0 1\n${entry}\n`, FILE));
    expect(error).toMatchObject({ file: FILE, position: { line: 4 } });
  });

  it('never breaks on random or changed bytes', () => {
    expectNoCrash(Buffer.from('0\n3\na 0 1\nlonger-name 12 345\nb 1 0\n'), (bytes, file) =>
      parseOffsetCheckpoint(bytes.toString(), file),
    );
  });
});

describe('formatOffsetCheckpoint', () => {
  it('refuses a key that is no topic and partition, so that no file is written that cannot be read', () => {
    expect(() => formatOffsetCheckpoint(new Map([['no partition', offset(1)]]))).toThrow(RangeError);
  });
});
