/** What the real ZooKeeper 3.8.0 has written, and says that it has: see `golden/README.md`. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../src/server/engine/database.ts';
import { openDataDir } from '../../../src/server/persistence/data-dir.ts';
import { zxidFiles } from '../../../src/server/persistence/file-names.ts';
import type { TreeImage } from '../../../src/txn/tree-image.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';
import { appendDurably } from '../../support/persistence/durable.ts';
import { imageFrom, snapshotBytes } from '../../support/persistence/file-in-memory.ts';
import { temporaryDirectory } from '../../support/persistence/temporary-directory.ts';

const GOLDEN = `${import.meta.dirname}/golden`;
const NAMES = ['without-digest', 'with-digest'];

type TreeLine = { tree: string; lastZxid: number; sessions: [string, number][]; nodes: [string, unknown][] };
type LogLine = { log: string; header: unknown; txn: unknown };

const linesOf = (name: string): (TreeLine | LogLine)[] =>
  readFileSync(`${GOLDEN}/${name}.ndjson`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const treesOf = (name: string): TreeLine[] => linesOf(name).filter((line) => 'tree' in line);
const logsOf = (name: string): LogLine[] => linesOf(name).filter((line) => 'log' in line);

/** As the golden lines have it: bytes in hexadecimal, int64 as text. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, function (this: Record<string, unknown>, key, jsonValue) {
      const own = this[key];
      if (typeof own === 'bigint') return String(own);
      return own instanceof Uint8Array ? Buffer.from(own).toString('hex') : jsonValue;
    }),
  );

const plainTree = (image: TreeImage): Omit<TreeLine, 'tree'> => ({
  lastZxid: image.lastZxid,
  sessions: [...image.sessions].map(([id, timeoutMs]): [string, number] => [String(id), timeoutMs]).sort(),
  nodes: [...image.nodes].map(([path, node]): [string, unknown] => [path, plain(node)]).sort(byPath),
});

const byPath = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1);

const sorted = ({ lastZxid, sessions, nodes }: TreeLine): Omit<TreeLine, 'tree'> => ({
  lastZxid,
  sessions: [...sessions].sort(),
  nodes: [...nodes].sort(byPath),
});

/** A copy of a golden directory without its snapshots but for the first, so that all of the log is read. */
const copyOf = async (name: string): Promise<string> => {
  const dataDir = await temporaryDirectory();
  cpSync(`${GOLDEN}/${name}`, dataDir, {
    recursive: true,
    filter: (path) => !path.includes('snapshot.') || path.endsWith('snapshot.0'),
  });
  return dataDir;
};

describe.each(NAMES)('a data directory of ZooKeeper, %s', (name) => {
  it.each(treesOf(name).filter(({ tree }) => tree !== 'restored'))('has $tree as ZooKeeper says', async (expected) => {
    const image = await imageFrom(readFileSync(`${GOLDEN}/${name}/version-2/${expected.tree}`), expected.lastZxid);
    expect(plainTree(image)).toEqual(sorted(expected));
  });

  it('has the transactions that ZooKeeper says', async () => {
    const { txns, close } = await openDataDir({ dataDir: await copyOf(name) });
    const expected = logsOf(name).map(({ header, txn }) => ({ header, txn }));
    expect(expected.length).toBeGreaterThan(100);
    expect(plain(txns)).toEqual(expected);
    await close();
  });

  it('goes on from the newest snapshot', async () => {
    const dataDir = await temporaryDirectory();
    cpSync(`${GOLDEN}/${name}`, dataDir, { recursive: true });
    const { image, txns, close } = await openDataDir({ dataDir });
    const newest = zxidFiles('snapshot', readdirSync(`${dataDir}/version-2`)).at(-1);
    expect(image.lastZxid).toBe(newest?.zxid);
    expect(txns[0]?.header.zxid).toBe(image.lastZxid + 1);
    expect(txns.at(-1)?.header.zxid).toBe(treesOf(name).find(({ tree }) => tree === 'restored')?.lastZxid);
    await close();
  });

  it.each(['the newest snapshot', 'the first snapshot'])('gives the tree of ZooKeeper from %s on', async (from) => {
    const dataDir = from === 'the first snapshot' ? await copyOf(name) : await temporaryDirectory();
    if (from === 'the newest snapshot') cpSync(`${GOLDEN}/${name}`, dataDir, { recursive: true });
    const { image, txns, close } = await openDataDir({ dataDir });
    const database = new Database(true, image);
    database.replay(txns);
    const [restored] = treesOf(name).filter(({ tree }) => tree === 'restored');
    expect(restored && plainTree(database.image())).toEqual(restored && sorted(restored));
    await close();
  });
});

describe('what is written for the transactions of ZooKeeper', () => {
  it('is byte for byte what ZooKeeper has written, log by log', async () => {
    const { txns, close } = await openDataDir({ dataDir: await copyOf('without-digest') });
    await close();
    const dataDir = await temporaryDirectory();
    const { txnLog, close: closeOurs } = await openDataDir({ dataDir });
    const logs = zxidFiles('log', readdirSync(`${GOLDEN}/without-digest/version-2`));
    for (const [index, { zxid }] of logs.entries()) {
      const end = logs[index + 1]?.zxid ?? Number.POSITIVE_INFINITY;
      await appendDurably(txnLog, txns.filter(({ header }) => header.zxid >= zxid && header.zxid < end) as LoggedTxn[]);
      txnLog.roll();
    }
    await closeOurs();
    expect(readdirSync(`${dataDir}/version-2`).sort()).toEqual([...logs.map(({ name }) => name), 'snapshot.0'].sort());
    for (const { name } of logs) {
      const ours = readFileSync(`${dataDir}/version-2/${name}`);
      expect(ours.equals(readFileSync(`${GOLDEN}/without-digest/version-2/${name}`)), name).toBe(true);
    }
  });

  it('is byte for byte its first snapshot', async () => {
    const golden = readFileSync(`${GOLDEN}/without-digest/version-2/snapshot.0`);
    expect((await snapshotBytes(await imageFrom(golden, 0))).equals(golden)).toBe(true);
  });

  it.each(
    treesOf('without-digest').filter(({ tree }) => tree !== 'restored'),
  )('is $tree with all that is in it', async ({ tree, lastZxid }) => {
    const image = await imageFrom(readFileSync(`${GOLDEN}/without-digest/version-2/${tree}`), lastZxid);
    expect(plainTree(await imageFrom(await snapshotBytes(image), lastZxid))).toEqual(plainTree(image));
  });
});

describe('a new data directory', () => {
  it('begins with the snapshot that ZooKeeper begins with', async () => {
    const dataDir = await temporaryDirectory();
    const { image, close } = await openDataDir({ dataDir });
    await close();
    const golden = await imageFrom(readFileSync(`${GOLDEN}/without-digest/version-2/snapshot.0`), 0);
    expect(plainTree(image)).toEqual(plainTree(golden));
    expect(plainTree(await imageFrom(readFileSync(`${dataDir}/version-2/snapshot.0`), 0))).toEqual(plainTree(golden));
  });
});
