import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { takeCleanShutdownMarker, writeCleanShutdownMarker } from '../../src/checkpoint/clean-shutdown.ts';
import { goldenFile, goldenFiles } from '../golden-partitions.ts';

const MARKER = '/data/.kafka_cleanshutdown';

const emptyDisk = (seed = 1) => {
  const disk = new SimulatedDisk(seededRandom(seed));
  disk.plantDirectory('/data');
  return disk;
};

describe('writeCleanShutdownMarker', () => {
  it('writes what Kafka writes, onto the disk', async () => {
    const disk = emptyDisk();
    await writeCleanShutdownMarker(disk.newProcess(), '/data');
    const golden = goldenFiles('cluster/**/.kafka_cleanshutdown');
    expect(golden.length).toBeGreaterThan(2);
    for (const path of golden) expect(disk.readDurable(MARKER)).toEqual(goldenFile(path));
  });
});

describe('takeCleanShutdownMarker', () => {
  it('answers once that the marker was there, whatever it holds', async () => {
    const disk = emptyDisk();
    disk.plantFile(MARKER, Buffer.alloc(0));
    expect(await takeCleanShutdownMarker(disk.newProcess(), '/data')).toBe(true);
    expect(await takeCleanShutdownMarker(disk.newProcess(), '/data')).toBe(false);
  });

  it('has removed it from the disk too, so that a crash afterwards is an unclean one', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = emptyDisk(seed);
      await writeCleanShutdownMarker(disk.newProcess(), '/data');
      expect(await takeCleanShutdownMarker(disk.newProcess(), '/data')).toBe(true);
      disk.crash();
      expect(await takeCleanShutdownMarker(disk.newProcess(), '/data'), `seed ${seed}`).toBe(false);
    }
  });

  it('brings the removal of a process that died amid it to the disk', async () => {
    for (let seed = 0; seed < 50; seed++) {
      const disk = emptyDisk(seed);
      await writeCleanShutdownMarker(disk.newProcess(), '/data');
      const died = disk.newProcess();
      await died.removeFile(MARKER);
      died.kill();
      expect(await takeCleanShutdownMarker(disk.newProcess(), '/data')).toBe(false);
      disk.crash();
      expect(await takeCleanShutdownMarker(disk.newProcess(), '/data'), `seed ${seed}`).toBe(false);
    }
  });

  it('does not take a failure for a missing marker', async () => {
    const disk = emptyDisk();
    disk.plantFile(MARKER, Buffer.alloc(0));
    disk.faults.fail('remove', /cleanshutdown/, 'EIO');
    await expect(takeCleanShutdownMarker(disk.newProcess(), '/data')).rejects.toMatchObject({ code: 'EIO' });
  });
});
