/** Files that were damaged in any way: an error of its own type, or nothing is missing and nothing is invented. */
import type { SimulatedDisk } from '@barnabas/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedDataDirError } from '../../../src/server/persistence/persistence-errors.ts';
import { appendDurably } from '../../support/persistence/durable.ts';
import { imageOf } from '../../support/persistence/images.ts';
import { openOn, simulatedDisk, VERSION_DIR } from '../../support/persistence/simulated.ts';
import { fingerprint, txnOf, txnsOf } from '../../support/persistence/txns.ts';

const LAST_ZXID = 40;
const PATHS = ['log.1', 'log.b', 'log.1f', 'snapshot.0', 'snapshot.a', 'snapshot.1e'].map(
  (name) => `${VERSION_DIR}/${name}`,
);

type Damage = { readonly path: string; readonly change: (content: Buffer) => Buffer };

/** Puts what `make` makes of the bytes from `at` on in their place. */
const from =
  (at: number, make: (rest: Buffer) => Uint8Array) =>
  (content: Buffer): Buffer => {
    const position = at % (content.length + 1);
    return Buffer.concat([content.subarray(0, position), make(content.subarray(position))]);
  };

const over = (bytes: Uint8Array, rest: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, rest.length), rest.subarray(bytes.length)]);

const change: fc.Arbitrary<Damage['change']> = fc
  .tuple(fc.nat(), fc.uint8Array({ minLength: 1 }))
  .chain(([at, bytes]) =>
    fc.constantFrom(
      from(at, (rest) => over(bytes, rest)),
      from(at, (rest) => over(Buffer.from([(rest[0] ?? 0) ^ (1 << (at % 8))]), rest)),
      from(at, (rest) => over(Buffer.alloc(bytes.length * 10), rest)),
      from(at, (rest) => rest.subarray(bytes.length)),
      from(at, (rest) => Buffer.concat([bytes, rest])),
      from(at, () => Buffer.alloc(0)),
      (content: Buffer) => Buffer.concat([content, bytes]),
      (content: Buffer) => Buffer.concat([content, Buffer.alloc(bytes.length)]),
    ),
  );

const damage: fc.Arbitrary<Damage> = fc.record({ path: fc.constantFrom(...PATHS, '/data/recovery-point'), change });

/** Snapshots of 0, 10 and 30, and the log up to 40; all of it acknowledged, the server closed or killed. */
const filesOf = async (isClosed: boolean): Promise<Map<string, Buffer>> => {
  const disk = simulatedDisk();
  const process = disk.newProcess();
  const { txnLog, saveSnapshot, close } = await openOn(disk, { fs: process });
  for (const [first, last] of [
    [1, 10],
    [11, 30],
  ] as const) {
    await appendDurably(txnLog, txnsOf(first, last));
    await saveSnapshot(imageOf(2, { lastZxid: last }));
  }
  await appendDurably(txnLog, txnsOf(31, LAST_ZXID));
  await disk.settled();
  if (isClosed) await close();
  else process.kill();
  const reader = disk.newProcess();
  const contents = disk.listing().map(async (path) => [path, await reader.readFile(path)] as const);
  return new Map(await Promise.all(contents));
};

const diskOf = (files: ReadonlyMap<string, Buffer>): SimulatedDisk => {
  const disk = simulatedDisk();
  for (const [path, content] of files) disk.plantFile(path, content);
  return disk;
};

/** Undefined where it is refused. */
const foundOn = async (disk: SimulatedDisk): Promise<{ snapshotZxid: number; txns: string[] } | undefined> => {
  try {
    const { image, txns } = await openOn(disk);
    return { snapshotZxid: image.lastZxid, txns: txns.map(fingerprint) };
  } catch (error) {
    if (error instanceof DamagedDataDirError) return undefined;
    throw error;
  }
};

describe.each([
  { name: 'was closed', isClosed: true },
  { name: 'was killed', isClosed: false },
])('damaged files of a server that $name', ({ isClosed }) => {
  it('are refused, or nothing of what was acknowledged is missing, and nothing was invented', async () => {
    const seen = { refused: 0, opened: 0 };
    const pristine = await filesOf(isClosed);
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
        const files = new Map(pristine);
        for (const { path, change } of damages) files.set(path, change(files.get(path) ?? Buffer.alloc(0)));
        const found = await foundOn(diskOf(files));
        seen[found === undefined ? 'refused' : 'opened']++;
        if (found === undefined) return;
        const { snapshotZxid, txns } = found;
        expect(txns.length).toBeLessThanOrEqual(LAST_ZXID - snapshotZxid);
        expect(txns).toEqual(txnsOf(snapshotZxid + 1, snapshotZxid + txns.length).map(fingerprint));
        // Of the end of the last log, the recovery point alone tells that something is missing.
        const isPointWhole = !damages.some(({ path }) => path === '/data/recovery-point');
        if (isPointWhole) expect(snapshotZxid + txns.length).toBe(LAST_ZXID);
      }),
      { numRuns: 300 },
    );
    expect(seen.refused).toBeGreaterThan(10);
    expect(seen.opened).toBeGreaterThan(10);
  });

  it('can be opened again, and written to, wherever they could be opened', async () => {
    const pristine = await filesOf(isClosed);
    await fc.assert(
      fc.asyncProperty(damage, async ({ path, change }) => {
        const disk = diskOf(new Map(pristine).set(path, change(pristine.get(path) ?? Buffer.alloc(0))));
        const found = await openOn(disk).catch((error) => {
          if (error instanceof DamagedDataDirError) return undefined;
          throw error;
        });
        if (found === undefined) return;
        const lastZxid = found.image.lastZxid + found.txns.length;
        await appendDurably(found.txnLog, [txnOf(lastZxid + 1)]);
        disk.crash();
        const { image, txns } = await openOn(disk);
        expect(image.lastZxid + txns.length).toBe(lastZxid + 1);
      }),
    );
  });
});
