import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataDir } from '../../../src/server/persistence/data-dir.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';
import { fingerprint, txnOf } from '../../support/persistence/txns.ts';

const KILLS = 12;

/** Lets a process append until it has acknowledged so many times, kills it, and answers the last zxid it told. */
const appendAndKill = async (dataDir: string, acknowledgements: number): Promise<number> => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/killed-appender.ts`, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close');
  let acknowledgedZxid = 0;
  let left = acknowledgements;
  for await (const line of createInterface(child.stdout)) {
    acknowledgedZxid = Number(line);
    if (--left === 0) child.kill('SIGKILL');
  }
  expect((await ended)[1]).toBe('SIGKILL');
  return acknowledgedZxid;
};

describe('a process that is killed while it appends', () => {
  it(`has left all that it has acknowledged, ${KILLS} times`, async () => {
    const dataDir = await temporaryDirectory();
    let snapshots = 0;
    let lastZxid = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledgedZxid = await appendAndKill(dataDir, 1 + kill * 15);
      expect(acknowledgedZxid).toBeGreaterThan(lastZxid);
      const { image, txns, close } = await openDataDir({ dataDir });
      await close();
      lastZxid = image.lastZxid + txns.length;
      snapshots = Math.max(snapshots, image.lastZxid);
      expect(lastZxid).toBeGreaterThanOrEqual(acknowledgedZxid);
      const expected = txns.map((_, index) => image.lastZxid + 1 + index);
      for (const [index, zxid] of expected.entries()) {
        const txn = txns[index];
        expect(txn && fingerprint(txn) === fingerprint(txnOf(zxid, { sizeBytes: (zxid * 37) % 5000 })), `${zxid}`).toBe(
          true,
        );
      }
    }
    // Else none of them was found.
    expect(snapshots).toBeGreaterThan(0);
  }, 120_000);
});
