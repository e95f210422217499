import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpLog } from '../../src/dump-log/dump-log.ts';
import { capturedRun } from '../captured-run.ts';
import { batchAt, temporaryLog } from './dumped.ts';

type GoldenCase = { readonly file: string; readonly args: readonly string[]; readonly exit: number };

const GOLDEN = fileURLToPath(new URL('../../../../test/golden', import.meta.url));
const CASES: readonly GoldenCase[] = JSON.parse(readFileSync(join(GOLDEN, 'dump-log/index.json'), 'utf8'));

/** What our own error has to name where Kafka's tool ended with an exception. */
const PLACES: Readonly<Record<string, string>> = {
  'dump-log/21.txt': 'bit-flip-active/input/plain-0/00000000000000000043.log is malformed at byte 382: ',
  'dump-log/22.txt': 'zeros-at-tail/input/plain-0/00000000000000000043.log is malformed at byte 533: ',
};

describe('dump-log prints what Kafka 3.9.1 printed', () => {
  const before = process.cwd();
  beforeAll(() => process.chdir(GOLDEN));
  afterAll(() => process.chdir(before));

  it.each(CASES)('$file, of $args', async ({ file, args, exit }) => {
    const run = await capturedRun(['dump-log', ...args]);
    expect(run.out).toBe(readFileSync(file, 'utf8'));
    expect(run.exit).toBe(exit);
    if (exit !== 0) {
      expect(run.err.trimEnd().split('\n')).toHaveLength(1);
      expect(run.err).toContain(PLACES[file]);
    }
  });

  it('all of them', () => {
    expect(CASES).toHaveLength(24);
    expect(CASES.filter(({ exit }) => exit !== 0).map(({ file }) => file)).toEqual(Object.keys(PLACES));
  });
});

describe('dump-log of what it cannot read', () => {
  const log = temporaryLog();

  it('passes over a file with another ending, and goes on', async () => {
    log.write('1.txt', Buffer.from('hello'));
    expect(await log.dump('1.txt')).toEqual({ exit: 0, out: 'Dumping 1.txt\n', err: 'Ignoring unknown file 1.txt\n' });
  });

  it.each([
    ['5.log', 'Dumping 5.log\nLog starting offset: 5\n'],
    ['5.index', 'Dumping 5.index\n'],
    ['5.timeindex', 'Dumping 5.timeindex\n'],
    ['5.txnindex', 'Dumping 5.txnindex\n'],
    ['5.snapshot', 'Dumping 5.snapshot\n'],
  ])('says that %s is not there', async (name, out) => {
    expect(await log.dump(name)).toEqual({ exit: 1, out, err: `barnabas: ${name}: no such file or directory\n` });
  });

  it('needs an offset for a name', async () => {
    log.write('mine.log', Buffer.alloc(0));
    const { exit, err } = await log.dump('mine.log');
    expect([exit, err]).toEqual([1, 'barnabas: mine.log is not named by an offset, as files of a log are\n']);
  });

  it('does not look into directories', async () => {
    const { exit, err } = await log.dump('');
    expect(exit).toBe(1);
    expect(err).toMatch(/^barnabas: \S+ is a directory\n$/);
  });
});

describe('dumpLog', () => {
  const log = temporaryLog();
  const options = {
    deepIteration: true,
    decoder: undefined,
    notices: [],
    skipRecordMetadata: false,
    maxBytes: undefined,
    verifyIndexOnly: false,
    indexSanityCheck: false,
    maxMessageSizeBytes: 1000,
  };

  it('prints in pieces, and reads no further while one is not written', async () => {
    const batches = Array.from({ length: 2000 }, (_, i) => batchAt(2 * i, ['one', 'two']));
    log.write('0.log', Buffer.concat(batches));
    let [writing, most] = [0, 0];
    const sizes: number[] = [];
    const write = async (text: string) => {
      most = Math.max(most, ++writing);
      sizes.push(text.length);
      await new Promise(setImmediate);
      writing--;
    };
    await dumpLog({ ...options, files: [log.pathOf('0.log')] }, write, () => {});
    expect(most).toBe(1);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(70_000);
  });
});
