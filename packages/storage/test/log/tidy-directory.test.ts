import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offset } from '@barnabas/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { segmentFileName } from '../../src/file-names.ts';
import { HandlePool } from '../../src/files/handle-pool.ts';
import { nodeFileSystem } from '../../src/fs/node-file-system.ts';
import { tidyDirectory } from '../../src/log/tidy-directory.ts';
import { GOLDEN } from '../golden/golden.ts';
import { replicated } from './batches.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'barnabas-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const tidy = () => tidyDirectory(new HandlePool(nodeFileSystem, 10), dir);

/** A `.log` of batches of one record at each offset; other files are empty. */
const put = (name: string, ...offsets: number[]): void =>
  writeFileSync(join(dir, name), Buffer.concat(offsets.map((at) => replicated(at))));
const name = (base: number, suffix: '.log' | '.index' | '.timeindex' | '.txnindex' | '.snapshot'): string =>
  segmentFileName(offset(base), suffix);
const files = (): string[] => readdirSync(dir).sort();
const hexOf = (file: string): string => readFileSync(file).toString('hex');

describe('tidyDirectory', () => {
  it.each(['cleaning-leftovers', 'swap-ready'])('leaves the segments that Kafka left: %s', async (variant) => {
    cpSync(join(GOLDEN, 'unclean/variants', variant, 'input/compact-0'), dir, { recursive: true });
    const merged = hexOf(join(dir, `${name(0, '.log')}.swap`));
    const last = hexOf(join(dir, name(48, '.log')));
    const answered = await tidy();
    const after = readdirSync(join(GOLDEN, 'unclean/variants', variant, 'after/compact-0'));
    expect(files().filter((each) => each.endsWith('.log'))).toEqual(
      after.filter((each) => each.endsWith('.log')).sort(),
    );
    expect(hexOf(join(dir, name(0, '.log')))).toBe(merged);
    expect(hexOf(join(dir, name(48, '.log')))).toBe(last);
    expect(answered.map(({ baseOffset, suffix }) => name(baseOffset, suffix)).sort()).toEqual(
      files().filter((each) => /^\d{20}\./.test(each)),
    );
    expect(answered.every(({ state }) => state === undefined)).toBe(true);
  });

  it('removes what waits to be deleted, and what a cleaning has not finished', async () => {
    put(name(0, '.log'), 0, 1);
    put(`${name(0, '.log')}.deleted`);
    put(`${name(0, '.log')}.cleaned`, 0);
    put(`${name(0, '.index')}.cleaned`);
    put(`${name(5, '.snapshot')}.deleted`);
    await tidy();
    expect(files()).toEqual([name(0, '.log')]);
    expect(hexOf(join(dir, name(0, '.log')))).toBe(Buffer.concat([replicated(0), replicated(1)]).toString('hex'));
  });

  it('gives a swap file the place of all the segments that it was made of', async () => {
    for (const base of [0, 2, 4, 6]) {
      put(name(base, '.log'), base, base + 1);
      put(name(base, '.index'));
    }
    put(`${name(2, '.log')}.swap`, 2, 5);
    put(`${name(2, '.timeindex')}.swap`);
    put(name(4, '.snapshot'));
    await tidy();
    expect(files()).toEqual([
      name(0, '.index'),
      name(0, '.log'),
      name(2, '.log'),
      name(2, '.timeindex'),
      name(4, '.snapshot'),
      name(6, '.index'),
      name(6, '.log'),
    ]);
    expect(hexOf(join(dir, name(2, '.log')))).toBe(Buffer.concat([replicated(2), replicated(5)]).toString('hex'));
  });

  it('drops a swap file at or above one that was still being cleaned, and finishes those below', async () => {
    put(name(0, '.log'), 0, 1);
    put(name(2, '.log'), 2, 3);
    put(`${name(0, '.log')}.swap`, 1);
    put(`${name(2, '.log')}.swap`, 3);
    put(`${name(2, '.log')}.cleaned`, 3);
    await tidy();
    expect(files()).toEqual([name(0, '.log'), name(2, '.log')]);
    expect(hexOf(join(dir, name(0, '.log')))).toBe(replicated(1).toString('hex'));
    expect(hexOf(join(dir, name(2, '.log')))).toBe(Buffer.concat([replicated(2), replicated(3)]).toString('hex'));
  });

  it('removes indexes without a log, but neither snapshots nor files that are none of a segment', async () => {
    put(name(0, '.log'), 0);
    for (const suffix of ['.index', '.timeindex', '.txnindex', '.snapshot'] as const) put(name(9, suffix));
    put('leader-epoch-checkpoint');
    put('9.log');
    await tidy();
    expect(files()).toEqual([name(0, '.log'), name(9, '.snapshot'), '9.log', 'leader-epoch-checkpoint']);
  });
});
