import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { encodeConnectRequest } from '@barnabas/zookeeper';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/barnabas.js', import.meta.url));
const SERVING = /^Serving ZooKeeper on 127\.0\.0\.1:(\d+), (.*); ready in \d+ ms\n$/;

type Run = ChildProcessByStdio<null, Readable, Readable>;

let root: string;
let runs: Run[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zookeeper-start-'));
  runs = [];
});

afterEach(async () => {
  for (const run of runs) {
    if (run.exitCode !== null || run.signalCode !== null) continue;
    run.kill('SIGKILL');
    await once(run, 'exit');
  }
  rmSync(root, { recursive: true });
});

const start = (...args: string[]): Run => {
  const run = spawn(process.execPath, [LAUNCHER, 'zookeeper', 'start', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  runs.push(run);
  return run;
};

/** The port, and what it is said to serve from. */
const serving = async (run: Run): Promise<{ port: number; what: string }> => {
  const [line] = await once(run.stdout, 'data');
  const [, port, what = ''] = SERVING.exec(String(line)) ?? [];
  expect(String(line)).toMatch(SERVING);
  return { port: Number(port), what };
};

const ended = async (run: Run) => {
  const [err, [exit, signal]] = await Promise.all([text(run.stderr), once(run, 'close')]);
  return { err, exit, signal };
};

/** A session whose client does not close its side when the server does. */
const stubbornClient = async (port: number) => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  const handshake = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 10_000, sessionId: 0n, password: null };
  socket.write(encodeConnectRequest(handshake));
  await once(socket, 'data');
  return socket;
};

describe('barnabas zookeeper start', () => {
  it('says in one line what it serves, and finds it again after SIGTERM', async () => {
    const dataDir = join(root, 'data');
    const run = start('--data-dir', dataDir, '--port', '0');
    const { port, what } = await serving(run);
    expect(what).toBe(`from ${dataDir}: 5 znodes and 0 sessions at zxid 0x0`);
    const client = await stubbornClient(port);
    client.end();
    run.kill('SIGTERM');
    expect(await ended(run)).toMatchObject({ exit: 0, signal: null });
    const again = await serving(start('--data-dir', dataDir, '--port', '0'));
    expect(again.what).toBe(`from ${dataDir}: 5 znodes and 1 session at zxid 0x1`);
  });

  it('ends where it is asked before it serves, and serves no more', async () => {
    const dataDir = join(root, 'data');
    const snapshot = join(dataDir, 'version-2', 'snapshot.1');
    mkdirSync(join(dataDir, 'version-2'), { recursive: true });
    // Nobody can open it for reading before somebody does for writing.
    execFileSync('mkfifo', [snapshot]);
    const config = join(root, 'zoo.cfg');
    writeFileSync(config, `dataDir=${dataDir}\nserver.1=a:2888:3888\n`);
    const run = start('--config', config, '--port', '0');
    const lines = createInterface(run.stderr);
    const end = once(run, 'close');
    const served = text(run.stdout);
    await once(lines, 'line');
    run.kill('SIGTERM');
    const [line] = await once(lines, 'line');
    expect(JSON.parse(String(line))).toMatchObject({ msg: 'stopped before it served', signal: 'SIGTERM' });
    // It may be in the middle of opening it; to open it for both waits for nobody.
    closeSync(openSync(snapshot, 'r+'));
    expect(await end).toEqual([0, null]);
    expect(await served).toBe('');
  });

  it('ends at once where it is asked a second time', async () => {
    const run = start('--in-memory', '--port', '0');
    const { port, what } = await serving(run);
    expect(what).toMatch(/^in memory: 5 znodes/);
    const client = await stubbornClient(port);
    run.kill('SIGINT');
    const [line] = await once(run.stderr, 'data');
    expect(JSON.parse(String(line))).toMatchObject({ msg: 'shutting down', signal: 'SIGINT', name: 'zookeeper' });
    run.kill('SIGINT');
    expect(await ended(run)).toMatchObject({ exit: null, signal: 'SIGINT' });
    client.destroy();
  });

  it("takes ZooKeeper's own configuration, and names what it passes over", async () => {
    const config = join(root, 'zoo.cfg');
    writeFileSync(config, `dataDir=${root}/from-file\ntickTime=500\nclientPort=1\nserver.1=a:2888:3888\n`);
    const run = start('--config', config, '--port', '0');
    const { port, what } = await serving(run);
    expect(what).toContain(`from ${root}/from-file`);
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write('conf');
    expect(await text(socket)).toContain('tickTime=500\n');
    run.kill('SIGTERM');
    const { err } = await ended(run);
    const lines = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ level: 40, msg: expect.stringContaining('server.1 is passed over') });
  });

  it.each([
    [['--data-dir', '/dev/null/x'], 1, /^barnabas: \/dev\/null\S*: not a directory\n$/],
    [['--config', '/nowhere/zoo.cfg'], 1, /^barnabas: \/nowhere\/zoo\.cfg: no such file or directory\n$/],
    [['--in-memory', '--data-dir', '/d'], 2, /^barnabas: --in-memory and --data-dir exclude each other\n$/],
    [['--port', '65536'], 2, /whole number from 0 to 65535/],
    [['--in-memory', '--host', ''], 2, /^barnabas: .*--host.* must not be empty\.\n$/],
    [['--data-dir', ''], 2, /^barnabas: .*--data-dir.* must not be empty\.\n$/],
    [['--data-dir', '/proc/nope'], 1, /^barnabas: \/proc\/nope: no such file or directory\n$/],
    [['--in-memory', '--host', '192.0.2.1', '--port', '0'], 1, /^barnabas: 192\.0\.2\.1: this machine does not have/],
    [['--in-memory', '--log-level', 'loud'], 2, /^barnabas: --log-level: loud is no level\n$/],
  ])('ends in one line where %j is what it is asked', async (args, exit, message) => {
    const end = await ended(start(...args));
    expect(end.exit).toBe(exit);
    expect(end.err).toMatch(message);
  });

  it('names the port that is taken, and the directory', async () => {
    const dataDir = join(root, 'data');
    const { port } = await serving(start('--data-dir', dataDir, '--port', '0'));
    const onPort = await ended(start('--in-memory', '--port', `${port}`));
    expect(onPort).toMatchObject({ exit: 1, err: `barnabas: 127.0.0.1:${port}: the address is in use\n` });
    const onDirectory = await ended(start('--data-dir', dataDir, '--port', '0'));
    expect(onDirectory).toMatchObject({
      exit: 1,
      err: `barnabas: ${dataDir} is in use by process ${readFileSync(join(dataDir, 'lock'), 'utf8').trim()}\n`,
    });
  });
});
