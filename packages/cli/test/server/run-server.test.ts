import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { START_FAILURES } from '@barnabas/broker';
import { startZooKeeperServer, type ZooKeeperServer } from '@barnabas/zookeeper';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemRandom, systemScheduler } from '../../src/system.ts';
import { capturedRun } from '../captured-run.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/barnabas.js', import.meta.url));

type Run = ChildProcessByStdio<null, Readable, Readable>;
type Line = { readonly msg: string; readonly listeners?: Readonly<Record<string, { readonly port: number }>> };

let zookeeper: ZooKeeperServer;
let root: string;
let runs: Run[];
let chroot: string;

beforeAll(async () => {
  const clockwork = { clock: systemClock, scheduler: systemScheduler, random: systemRandom };
  zookeeper = await startZooKeeperServer({ ...clockwork, port: 0, logger: pino({ level: 'silent' }) });
});

afterAll(() => zookeeper.close());

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'barnabas-server-'));
  runs = [];
  chroot = `/${basename(root)}`;
});

afterEach(async () => {
  for (const run of runs) {
    if (run.exitCode !== null || run.signalCode !== null) continue;
    run.kill('SIGKILL');
    await once(run, 'exit');
  }
  rmSync(root, { recursive: true });
});

/** A file of properties; each test has a cluster of its own. */
function properties(more: string): string {
  const path = join(root, 'server.properties');
  const lines = [
    `zookeeper.connect=${zookeeper.connectString}${chroot}`,
    'listeners=REST://127.0.0.1:0,PEERS://127.0.0.1:0',
    `log.dirs=${join(root, 'data')}`,
    more,
  ];
  writeFileSync(path, lines.join('\n'));
  return path;
}

function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Run {
  const env = { ...process.env, ...environment };
  const run = spawn(process.execPath, [LAUNCHER, 'server', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  runs.push(run);
  return run;
}

/** Its log, up to the line that says so. */
async function logUntil(run: Run, message: string | RegExp): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of createInterface(run.stdout)) {
    const parsed = JSON.parse(line) as Line;
    lines.push(parsed);
    if (typeof message === 'string' ? parsed.msg === message : message.test(parsed.msg)) return lines;
  }
  throw new Error(`it ended: ${lines.map(({ msg }) => msg).join('; ')}`);
}

const ended = async (run: Run) => {
  run.stdout.resume();
  const [err, [exit, signal]] = await Promise.all([text(run.stderr), once(run, 'close')]);
  return { err, exit, signal };
};

describe('barnabas server', () => {
  it('logs JSON, serves, and leaves its directory cleanly closed after SIGTERM', async () => {
    const run = start([properties('broker.id=1\nnum.network.threads=3')]);
    const lines = await logUntil(run, 'ready');
    expect(lines[0]?.msg).toBe('these properties are known, and not acted upon by this build: num.network.threads');
    const port = lines.find(({ listeners }) => listeners !== undefined)?.listeners?.REST?.port;
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
    run.kill('SIGTERM');
    expect(await ended(run)).toEqual({ err: '', exit: 0, signal: null });
    expect(existsSync(join(root, 'data/.kafka_cleanshutdown'))).toBe(true);
  });

  it('takes the environment before the file, and --override before both', async () => {
    const file = properties('broker.id=2\nbroker.rack=file');
    const environment = { BARNABAS_BROKER_RACK: 'environment', BARNABAS_BROKER_ID: '3' };
    const run = start([file, '--override', 'broker.id=4', '--override', 'log.flush=os'], environment);
    const lines = await logUntil(run, 'ready');
    const port = lines.find(({ listeners }) => listeners !== undefined)?.listeners?.REST?.port;
    const answer = await (await fetch(`http://127.0.0.1:${port}/v1/brokers`)).json();
    expect(answer).toMatchObject({
      brokers: expect.arrayContaining([expect.objectContaining({ id: 4, rack: 'environment' })]),
    });
  });

  it('stops cleanly where it is asked to while it still starts', async () => {
    const away = ['--override', 'zookeeper.connect=127.0.0.1:1', '--override', 'zookeeper.connection.timeout.ms=60000'];
    const run = start([properties('broker.id=5\nnum.network.threads=3'), ...away]);
    await logUntil(run, 'these properties are known, and not acted upon by this build: num.network.threads');
    run.kill('SIGINT');
    expect(await ended(run)).toEqual({ err: '', exit: 0, signal: null });
  });

  it('stops where it is asked to while it waits for its id', async () => {
    const first = start([properties('broker.id=7')]);
    await logUntil(first, 'ready');
    const second = start([properties('broker.id=7'), '--override', `log.dirs=${join(root, 'other')}`]);
    await logUntil(second, /is still registered by session 0x[0-9a-f]+: waiting up to \d+ ms/);
    second.kill('SIGTERM');
    expect(await ended(second)).toEqual({ err: '', exit: 0, signal: null });
  });
});

describe('the exit code of barnabas server', () => {
  const codeOf = async (args: readonly string[]) => {
    const { exit, err, out } = await capturedRun(['server', ...args, '--log-level', 'silent']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    return { exit, err };
  };

  it('is 3 for a configuration that is wrong, and says where', async () => {
    const file = properties('num.partitions=none');
    expect(await codeOf([file])).toEqual({
      exit: 3,
      err: `barnabas: num.partitions: "none" is not an integer from 1 to 2147483647 (${file}, line 4)\n`,
    });
  });

  it('is 3 for a file that is not there', async () => {
    expect(await codeOf([join(root, 'nothing')])).toEqual({
      exit: 3,
      err: `barnabas: ${join(root, 'nothing')}: no such file or directory\n`,
    });
  });

  it('is 8 without ZooKeeper', async () => {
    const away = ['--override', 'zookeeper.connect=127.0.0.1:1', '--override', 'zookeeper.connection.timeout.ms=200'];
    const { exit, err } = await codeOf([properties('broker.id=6'), ...away]);
    expect(exit).toBe(8);
    expect(err).toContain('no session with 127.0.0.1:1 within 200 ms');
  });

  it('is 2 for a log level that is none', async () => {
    expect((await capturedRun(['server', '--log-level', 'loud'])).exit).toBe(2);
  });

  it('is in the help for each failure', async () => {
    const { out } = await capturedRun(['server', '--help']);
    for (const { exitCode, meaning } of Object.values(START_FAILURES))
      expect(out).toContain(`  ${exitCode}  ${meaning}\n`);
  });
});
