/** The real ZooKeeper on what was written here. Needs java and the jar of Debian's package `zookeeper`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../../../src/server/engine/database.ts';
import { type DataDir, openDataDir } from '../../../src/server/persistence/data-dir.ts';
import type { TreeImage } from '../../../src/txn/tree-image.ts';
import { appendDurably } from '../../support/persistence/durable.ts';
import { imageFrom } from '../../support/persistence/file-in-memory.ts';
import {
  javaOutput,
  killServer,
  reasonAgainstJava,
  startJavaServer,
} from '../../support/persistence/java-zookeeper.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';
import { VARIED_TXNS } from '../../support/persistence/varied-txns.ts';

const reason = reasonAgainstJava();
if (reason !== undefined) process.stderr.write(`real-zookeeper.test.ts is skipped: ${reason}\n`);
if (reason !== undefined && process.env.CI === 'true') throw new Error(`the real ZooKeeper cannot be run: ${reason}`);

const LAST_ZXID = VARIED_TXNS.length;

/** A directory with a snapshot in the middle of the transactions, and the tree in the end. */
const filledDirectory = async (snapshotZxid: number): Promise<{ dataDir: string; image: TreeImage }> => {
  const dataDir = await temporaryDirectory();
  const opened = await openDataDir({ dataDir });
  const database = restored(opened);
  for (const logged of VARIED_TXNS) {
    opened.txnLog.append(logged);
    database.apply(logged);
    if (logged.header.zxid === snapshotZxid) await opened.saveSnapshot(database.image());
  }
  await opened.close();
  return { dataDir, image: database.image() };
};

const restored = ({ image, txns }: DataDir): Database => {
  const database = new Database(true, image);
  database.replay(txns);
  return database;
};

const comparable = ({ lastZxid, sessions, nodes }: TreeImage): unknown => ({
  lastZxid,
  sessions: new Map(sessions),
  nodes: [...nodes]
    .map(([path, { data, ...rest }]) => ({ path, ...rest, data: data && Buffer.from(data).toString('latin1') }))
    .sort((one, other) => (one.path < other.path ? -1 : 1)),
});

describe.skipIf(reason !== undefined)('the real ZooKeeper', () => {
  it.each([0, 10, LAST_ZXID])('has the same tree when it starts on a directory with a snapshot of %i', async (zxid) => {
    const { dataDir, image } = await filledDirectory(zxid);
    const server = await startJavaServer(dataDir);
    onTestFinished(() => killServer(server));
    // It writes one when it starts.
    const snapshot = readFileSync(`${dataDir}/version-2/snapshot.${LAST_ZXID.toString(16)}`);
    await killServer(server);
    expect(comparable(await imageFrom(snapshot, LAST_ZXID))).toEqual(comparable(image));
  });

  it('takes a directory over after a crash, and gives it back', async () => {
    const { dataDir, image } = await filledDirectory(10);
    const opened = await openDataDir({ dataDir });
    const txn = { type: 'setData', path: '/multi', data: Buffer.from('later'), version: 2 } as const;
    const header = { sessionId: 0n, cxid: 0, zxid: LAST_ZXID + 1, timeMs: 1_700_000_000_999 };
    await appendDurably(opened.txnLog, [{ header, txn }]);
    // As after a crash: the log has its padding.
    const server = await startJavaServer(dataDir);
    onTestFinished(() => killServer(server));
    await killServer(server);
    await opened.close();
    const again = await openDataDir({ dataDir });
    const database = restored(again);
    await again.close();
    expect(database.lastZxid).toBe(LAST_ZXID + 1);
    expect(new Map(database.image().nodes).get('/multi')).toMatchObject({ data: Buffer.from('later'), version: 2 });
    expect([...database.image().nodes]).toHaveLength([...image.nodes].length);
  });

  it('shows every transaction with its TxnLogToolkit', async () => {
    const { dataDir } = await filledDirectory(0);
    const log = javaOutput('org.apache.zookeeper.server.persistence.TxnLogToolkit', '-d', `${dataDir}/version-2/log.1`);
    const zxids = [...log.matchAll(/ zxid 0x([0-9a-f]+) /g)].map(([, zxid = '']) => Number.parseInt(zxid, 16));
    expect(zxids).toEqual(VARIED_TXNS.map(({ header }) => header.zxid));
    expect(log).toMatch(/session 0x100000000000001 cxid 0x2 zxid 0x3 create /);
    expect(log).toContain(`EOF reached after ${LAST_ZXID} txns`);
    expect(log).not.toMatch(/CRC ERROR/);
  });

  it('shows every znode with its SnapshotFormatter', async () => {
    const { dataDir, image } = await filledDirectory(LAST_ZXID);
    const name = `snapshot.${LAST_ZXID.toString(16)}`;
    const shown = javaOutput('org.apache.zookeeper.server.SnapshotFormatter', `${dataDir}/version-2/${name}`);
    const paths = [...shown.matchAll(/^(\/.*)$/gm)].map(([, path]) => path);
    expect(paths.sort()).toEqual([...image.nodes].map(([path]) => path).sort());
    for (const [id, timeoutMs] of image.sessions) expect(shown).toContain(`0x${id.toString(16)}, ${timeoutMs}`);
  });

  it('removes the same files with its PurgeTxnLog', async () => {
    const [ours, theirs] = [await directoryWithFiveSnapshots(), await directoryWithFiveSnapshots()];
    const { purge, close } = await openDataDir({ dataDir: ours });
    await purge(3);
    await close();
    javaOutput('org.apache.zookeeper.server.PurgeTxnLog', theirs, theirs, '-n', '3');
    const left = readdirSync(`${ours}/version-2`).sort();
    expect(left).toEqual(readdirSync(`${theirs}/version-2`).sort());
    expect(left).toHaveLength(7);
    expect(existsSync(`${ours}/version-2/snapshot.0`)).toBe(false);
  });
});

async function directoryWithFiveSnapshots(): Promise<string> {
  const dataDir = await temporaryDirectory();
  const opened = await openDataDir({ dataDir });
  const database = restored(opened);
  for (const logged of VARIED_TXNS) {
    opened.txnLog.append(logged);
    database.apply(logged);
    if (logged.header.zxid % 5 === 0) await opened.saveSnapshot(database.image());
  }
  await opened.close();
  return dataDir;
}
