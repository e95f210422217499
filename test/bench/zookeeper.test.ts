import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';

const BENCH = fileURLToPath(new URL('../../bench/zookeeper.ts', import.meta.url));
const TABLES = [
  'One client of the real server',
  'One client of the embedded server',
  'The embedded server and the real one',
  'From the start to the first session',
];

await describeWithZooKeeper('the benchmark of ZooKeeper', 'servers', () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-bench-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('runs to its end, prints every table, and leaves nothing behind', { timeout: 120_000 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--tiny', '--dir', dir]);
    const titles = stdout.split('\n').filter((line) => line.startsWith('### '));
    expect(titles).toEqual(TABLES.map((table) => `### ${table}`));
    expect(stdout).not.toMatch(/NaN|undefined|\| - /);
    expect(readdirSync(dir)).toEqual([]);
  });
});
