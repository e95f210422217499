import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench/cluster.ts', import.meta.url));

/** Those that wait for sessions to end take too long for each run of the tests. */
const QUICK_PARTS = ['load', 'rest', 'idle', 'start'];
const TABLES = ['Throughput', 'Latency', 'REST', 'Idle', 'From `barnabas dev`'];

describe('the benchmark of a cluster', () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-bench-'));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('runs to its end, prints every table, and leaves nothing behind', { timeout: 120_000 }, async () => {
    const only = QUICK_PARTS.flatMap((part) => ['--only', part]);
    const { stdout } = await promisify(execFile)(process.execPath, [BENCH, '--tiny', '--dir', dir, ...only]);
    const titles = stdout.split('\n').filter((line) => line.startsWith('### '));
    expect(titles).toHaveLength(TABLES.length);
    for (const [index, table] of TABLES.entries()) expect(titles[index]).toContain(table);
    expect(stdout).not.toMatch(/NaN|undefined|\| - /);
    expect(readdirSync(dir)).toEqual([]);
  });
});
