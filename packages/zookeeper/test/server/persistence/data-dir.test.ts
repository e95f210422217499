import { describe, expect, it } from 'vitest';
import { BUILT_IN_NODES } from '../../../src/server/engine/built-in-nodes.ts';
import { DamagedDataDirError } from '../../../src/server/persistence/persistence-errors.ts';
import { appendDurably } from '../../support/persistence/durable.ts';
import { imageOf } from '../../support/persistence/images.ts';
import { logBytes } from '../../support/persistence/log-bytes.ts';
import { DATA_DIR, openOn, simulatedDisk, VERSION_DIR } from '../../support/persistence/simulated.ts';
import { fingerprint, txnOf, txnsOf, zxidsOf } from '../../support/persistence/txns.ts';

const range = (first: number, last: number): number[] => zxidsOf(txnsOf(first, last));

describe('a data directory', () => {
  it('begins with the built-in znodes, in a snapshot', async () => {
    const disk = simulatedDisk();
    const { image, txns, txnLog } = await openOn(disk);
    expect(image.lastZxid).toBe(0);
    expect(new Map(image.nodes)).toEqual(BUILT_IN_NODES);
    expect(txns).toEqual([]);
    expect(txnLog.durableZxid).toBe(0);
    disk.crash();
    expect(disk.listing()).toEqual(expect.arrayContaining([`${VERSION_DIR}/snapshot.0`, `${DATA_DIR}/session-secret`]));
  });

  it('has the transactions that were appended, as they were', async () => {
    const disk = simulatedDisk();
    const first = await openOn(disk);
    await appendDurably(first.txnLog, txnsOf(1, 30));
    await first.close();
    const { image, txns, txnLog } = await openOn(disk);
    expect(image.lastZxid).toBe(0);
    expect(txns.map(fingerprint)).toEqual(txnsOf(1, 30).map(fingerprint));
    expect(txnLog.durableZxid).toBe(30);
  });

  it('goes on from a snapshot, with what came after it', async () => {
    const disk = simulatedDisk();
    const first = await openOn(disk);
    for (const txn of txnsOf(1, 10)) first.txnLog.append(txn);
    const saved = first.saveSnapshot(imageOf(3, { lastZxid: 10 }));
    await appendDurably(first.txnLog, txnsOf(11, 12));
    await saved;
    disk.crash();
    const { image, txns } = await openOn(disk);
    expect(image.lastZxid).toBe(10);
    expect(new Map(image.nodes)).toEqual(new Map(imageOf(3).nodes));
    expect(image.sessions).toEqual(imageOf(3).sessions);
    expect(zxidsOf(txns)).toEqual([11, 12]);
  });

  it('keeps the passwords of sessions', async () => {
    const disk = simulatedDisk();
    const first = await openOn(disk);
    const password = first.passwordOf(77n);
    expect(password).toHaveLength(16);
    await first.close();
    expect((await openOn(disk)).passwordOf(77n)).toEqual(password);
    expect((await openOn(simulatedDisk(2))).passwordOf(77n)).not.toEqual(password);
  });

  it('does not have a snapshot whose transactions are not durable yet', async () => {
    const disk = simulatedDisk();
    const { txnLog, saveSnapshot } = await openOn(disk);
    const release = disk.faults.stall('sync', /log\./);
    txnLog.append(txnOf(1));
    const saved = saveSnapshot(imageOf(3, { lastZxid: 1 }));
    await disk.settled();
    expect(disk.listing()).not.toContain(`${VERSION_DIR}/snapshot.1`);
    release();
    await saved;
    expect(disk.durableListing()).toContain(`${VERSION_DIR}/snapshot.1`);
  });

  it('is as it was where a snapshot cannot be written', async () => {
    const disk = simulatedDisk();
    const { txnLog, saveSnapshot, close } = await openOn(disk);
    await appendDurably(txnLog, txnsOf(1, 3));
    for (const operation of ['open', 'write', 'sync', 'rename'] as const) {
      disk.faults.fail(operation, /new-snapshot/, 'ENOSPC', 1);
      await expect(saveSnapshot(imageOf(3, { lastZxid: 3 }))).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(disk.listing().filter((path) => path.includes('snapshot'))).toEqual([`${VERSION_DIR}/snapshot.0`]);
    }
    await appendDurably(txnLog, txnsOf(4, 5));
    await saveSnapshot(imageOf(3, { lastZxid: 5 }));
    await close();
    expect((await openOn(disk)).image.lastZxid).toBe(5);
  });

  it('does not let anything of a file shine through that is written anew', async () => {
    const disk = simulatedDisk();
    const { txnLog, saveSnapshot, close } = await openOn(disk);
    const stale = logBytes(txnsOf(1, 200));
    disk.plantFile(`${VERSION_DIR}/log.1`, stale);
    disk.plantFile(`${VERSION_DIR}/new-snapshot.1`, stale);
    await appendDurably(txnLog, [txnOf(1)]);
    await saveSnapshot(imageOf(3, { lastZxid: 1 }));
    await close();
    expect(disk.readDurable(`${VERSION_DIR}/log.1`)).toEqual(logBytes([txnOf(1)]));
    expect((await openOn(disk)).image.lastZxid).toBe(1);
  });

  it('takes away what an interrupted snapshot has left', async () => {
    const disk = simulatedDisk();
    await (await openOn(disk)).close();
    disk.plantFile(`${VERSION_DIR}/new-snapshot.5`, Buffer.from('half'));
    const { image } = await openOn(disk);
    expect(image.lastZxid).toBe(0);
    expect(disk.listing()).not.toContain(`${VERSION_DIR}/new-snapshot.5`);
  });
});

describe('a data directory with a torn tail', () => {
  const torn = Buffer.concat([logBytes(txnsOf(1, 5)).subarray(0, -10), Buffer.alloc(5000)]);
  const whole = logBytes(txnsOf(1, 4));

  it('has it cut off, for good', async () => {
    const disk = simulatedDisk();
    await (await openOn(disk)).close();
    disk.plantFile(`${VERSION_DIR}/log.1`, torn);
    expect(zxidsOf((await openOn(disk)).txns)).toEqual([1, 2, 3, 4]);
    expect(disk.readDurable(`${VERSION_DIR}/log.1`)).toEqual(whole);
  });

  it('has a file removed in which nothing is whole, and writes it anew', async () => {
    const disk = simulatedDisk();
    await (await openOn(disk)).close();
    disk.plantFile(`${VERSION_DIR}/log.1`, whole);
    disk.plantFile(`${VERSION_DIR}/log.5`, torn.subarray(0, 30));
    const { txnLog, close } = await openOn(disk);
    expect(disk.durableListing()).not.toContain(`${VERSION_DIR}/log.5`);
    await appendDurably(txnLog, [txnOf(5)]);
    await close();
    expect(disk.readDurable(`${VERSION_DIR}/log.5`)).toEqual(logBytes([txnOf(5)]));
  });
});

describe('a data directory with damage', () => {
  /** Snapshots of 0, 10 and 20, and the log up to 25. */
  const disk = async (): Promise<ReturnType<typeof simulatedDisk>> => {
    const made = simulatedDisk();
    const { txnLog, saveSnapshot, close } = await openOn(made);
    for (const last of [10, 20]) {
      await appendDurably(txnLog, txnsOf(last - 9, last));
      await saveSnapshot(imageOf(3, { lastZxid: last }));
    }
    await appendDurably(txnLog, txnsOf(21, 25));
    await close();
    return made;
  };

  const contentOf = (made: ReturnType<typeof simulatedDisk>): unknown =>
    made
      .listing()
      .filter((path) => path !== `${DATA_DIR}/lock`)
      .map((path) => [path, made.readDurable(path)?.toString('latin1')]);

  it('falls back to the older snapshot, and the log after that', async () => {
    const made = await disk();
    made.corrupt(`${VERSION_DIR}/snapshot.14`, 100, 3);
    const { image, txns, close } = await openOn(made);
    expect(image.lastZxid).toBe(10);
    expect(zxidsOf(txns)).toEqual(range(11, 25));
    await close();
    made.corrupt(`${VERSION_DIR}/snapshot.a`, 100, 3);
    expect(zxidsOf((await openOn(made)).txns)).toEqual(range(1, 25));
  });

  it.each([
    { name: 'no snapshot is whole', damage: ['snapshot.0', 'snapshot.a', 'snapshot.14'], file: 'log.1' },
    {
      name: 'the log after the older snapshot is missing',
      damage: ['snapshot.14'],
      without: ['version-2/log.b'],
      file: 'log.15',
    },
    { name: 'the last log is missing', damage: [], without: ['version-2/log.15'], file: 'log.15' },
    {
      name: 'all is missing',
      damage: [],
      without: ['log.1', 'log.b', 'log.15', 'snapshot.0', 'snapshot.a', 'snapshot.14'].map(
        (name) => `version-2/${name}`,
      ),
      file: 'log.15',
    },
    { name: 'the log in the middle is damaged', damage: ['snapshot.14', 'log.b'], file: 'log.b' },
    { name: 'the last log is', damage: ['log.15'], file: 'log.15' },
    {
      name: 'a snapshot is ahead of the log',
      damage: ['snapshot.14'],
      without: ['version-2/log.b', 'version-2/log.15', 'recovery-point'],
      file: 'snapshot.14',
    },
  ])('is refused, and not changed, where $name', async ({ damage, without = [], file }) => {
    const made = await disk();
    for (const name of damage) made.corrupt(`${VERSION_DIR}/${name}`, 100, 3);
    const process = made.newProcess();
    for (const name of without) await process.removeFile(`${DATA_DIR}/${name}`);
    await process.syncDirectory(VERSION_DIR);
    await process.syncDirectory(DATA_DIR);
    const before = contentOf(made);
    const opened = openOn(made);
    await expect(opened).rejects.toBeInstanceOf(DamagedDataDirError);
    await expect(opened).rejects.toMatchObject({ file: `${VERSION_DIR}/${file}` });
    expect(contentOf(made)).toEqual(before);
    // And it is not locked.
    await expect(openOn(made)).rejects.toBeInstanceOf(DamagedDataDirError);
  });

  it('is refused with a log and no snapshot, as ZooKeeper does', async () => {
    const made = simulatedDisk();
    made.plantFile(`${VERSION_DIR}/log.1`, logBytes(txnsOf(1, 3)));
    await expect(openOn(made)).rejects.toThrow('there is no whole snapshot before it');
  });

  it('is new where it has nothing but a first snapshot that is not whole: ZooKeeper does not flush it', async () => {
    const made = simulatedDisk();
    made.plantFile(`${VERSION_DIR}/snapshot.0`, Buffer.alloc(10));
    const { image, close } = await openOn(made);
    expect(new Map(image.nodes)).toEqual(BUILT_IN_NODES);
    await close();
    const later = simulatedDisk();
    later.plantFile(`${VERSION_DIR}/snapshot.5`, Buffer.alloc(10));
    await expect(openOn(later)).rejects.toBeInstanceOf(DamagedDataDirError);
  });

  it('is refused with a compressed snapshot, which would be passed over', async () => {
    const made = await disk();
    made.plantFile(`${VERSION_DIR}/snapshot.19.gz`, Buffer.from('gz'));
    await expect(openOn(made)).rejects.toThrow('compressed');
  });

  it('passes the error of the disk on', async () => {
    for (const operation of ['open', 'read', 'list', 'makeDirectory', 'syncDirectory', 'lock'] as const) {
      const made = await disk();
      made.faults.fail(operation, /./, 'EIO');
      await expect(openOn(made)).rejects.toMatchObject({ code: 'EIO' });
    }
  });
});

describe('purge', () => {
  const names = (made: ReturnType<typeof simulatedDisk>): string[] =>
    made.listing().flatMap((path) => (path.startsWith(VERSION_DIR) ? [path.slice(VERSION_DIR.length + 1)] : []));

  it('keeps the newest snapshots, and the logs that lead on from the oldest of them', async () => {
    const made = simulatedDisk();
    const { txnLog, saveSnapshot, purge, close } = await openOn(made);
    for (const last of [2, 4, 6, 8]) {
      await appendDurably(txnLog, txnsOf(last - 1, last));
      await saveSnapshot(imageOf(1, { lastZxid: last }));
    }
    await appendDurably(txnLog, [txnOf(9)]);
    expect([...(await purge(2))].sort()).toEqual(['log.1', 'log.3', 'snapshot.0', 'snapshot.2', 'snapshot.4']);
    // Its transactions are all in snapshot.6, but its name alone does not say so.
    expect(names(made)).toEqual(['log.5', 'log.7', 'log.9', 'snapshot.6', 'snapshot.8']);
    expect(await purge(2)).toEqual([]);
    await close();
    made.corrupt(`${VERSION_DIR}/snapshot.8`, 60, 0);
    const { image, txns } = await openOn(made);
    expect([image.lastZxid, ...zxidsOf(txns)]).toEqual([6, 7, 8, 9]);
  });

  it('keeps all while there are not more than that, and does not count what has no end', async () => {
    const made = simulatedDisk();
    const { txnLog, saveSnapshot, purge } = await openOn(made);
    await appendDurably(txnLog, txnsOf(1, 2));
    await saveSnapshot(imageOf(1, { lastZxid: 2 }));
    expect(await purge(2)).toEqual([]);
    expect(await purge(3)).toEqual([]);
    made.plantFile(`${VERSION_DIR}/snapshot.3`, Buffer.from('half of a snapshot'));
    made.plantFile(`${VERSION_DIR}/snapshot.4`, Buffer.alloc(0));
    expect(await purge(2)).toEqual([]);
    expect([...(await purge(1))]).toEqual(['snapshot.0']);
    await expect(purge(0)).rejects.toThrow(RangeError);
  });
});
