import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts, isFree } from '../../test/support/zookeeper/free-ports.ts';
import { number, printTable, spread } from '../support/table.ts';
import type { Scale } from './scale.ts';

const BARNABAS = join(import.meta.dirname, '../../packages/cli/bin/barnabas.js');
const FIRST_REST_PORT = 8081;
/** Of ZooKeeper, of the REST and of the peers' listeners, before the offset. */
const PORTS = [2181, 8081, 8082, 8083, 9191, 9192, 9193];
const POLL_MS = 5;
const DEADLINE_MS = 60_000;

/** From the start of the process to the first acknowledged record. */
export async function measureStart(dir: string, { starts }: Scale): Promise<void> {
  const rows: string[][] = [];
  for (const brokers of [3, 1]) {
    const tookMs: number[] = [];
    // Node compiles what it has not compiled before; once is enough.
    await started(dir, brokers);
    for (let round = 0; round < starts; round++) tookMs.push(await started(dir, brokers));
    rows.push([number(brokers), spread(tookMs)]);
  }
  printTable('From `barnabas dev` to the first acknowledged record', ['brokers', 'ms'], rows);
}

async function started(dir: string, brokers: number): Promise<number> {
  const offset = await freeOffset();
  const dataDir = mkdtempSync(join(dir, 'dev-'));
  const flags = [
    '--brokers',
    `${brokers}`,
    '--port-offset',
    `${offset}`,
    '--data-dir',
    dataDir,
    '--log-level',
    'error',
  ];
  const startMs = performance.now();
  const child = spawn(process.execPath, [BARNABAS, 'dev', ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const url = `http://127.0.0.1:${FIRST_REST_PORT + offset}/v1/topics/first`;
    const topic = JSON.stringify({ partitions: 1, replicationFactor: brokers });
    await untilOk(child, url, { method: 'PUT', body: topic, headers: { 'content-type': 'application/json' } });
    await untilOk(child, `${url}/records`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } });
    return performance.now() - startMs;
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    process.off('exit', kill);
  }
}

async function untilOk(child: ChildProcess, url: string, init: RequestInit): Promise<void> {
  const giveUpAtMs = performance.now() + DEADLINE_MS;
  while (!(await isOk(url, init))) {
    if (child.exitCode !== null) throw new Error(`barnabas dev has ended with ${child.exitCode}`);
    if (performance.now() > giveUpAtMs) throw new Error(`${url} is not answered`);
    await sleep(POLL_MS);
  }
}

async function isOk(url: string, init: RequestInit): Promise<boolean> {
  try {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

/** How far to move all ports so that none is taken, at this moment. */
async function freeOffset(): Promise<number> {
  for (;;) {
    const [port = 0] = await freePorts(1);
    const offset = port - FIRST_REST_PORT;
    const wanted = PORTS.map((each) => each + offset);
    const free = await Promise.all(wanted.map(isFree));
    if (offset > 0 && !free.includes(false)) return offset;
  }
}
