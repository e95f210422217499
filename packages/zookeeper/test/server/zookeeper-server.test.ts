import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OPEN_ACL } from '../../src/operation/acl.ts';
import { CREATE_FLAGS } from '../../src/operation/create-mode.ts';
import { DataDirLockedError } from '../../src/server/persistence/persistence-errors.ts';
import { ServerOptionsError } from '../../src/server/server-options.ts';
import { SessionClient } from '../support/server/session-client.ts';
import { askWord } from '../support/server/wire-client.ts';
import { ServerContext } from './server-context.ts';

let context: ServerContext;

beforeEach(() => {
  context = new ServerContext();
});

afterEach(() => context.close());

const filesOf = (kind: string) =>
  readdirSync(join(context.dataDir, 'version-2')).filter((name) => name.startsWith(`${kind}.`));

describe('a server', () => {
  it('keeps nothing where it is to work in memory', async () => {
    const server = await context.start();
    const client = await SessionClient.open(server.port);
    await client.create('/a');
    await server.close();
    const next = await context.start();
    expect(next.recovery).toEqual({ znodes: 5, sessions: 0, lastZxid: 0, replayedTxns: 0 });
  });

  it('has all znodes and sessions again after it was closed, from a snapshot', async () => {
    const server = await context.start({ dataDir: context.dataDir });
    const client = await SessionClient.open(server.port);
    await client.create('/a');
    await client.create('/a/e', 'ephemeral');
    await server.close();
    await client.wire.closed();

    const next = await context.start({ dataDir: context.dataDir });
    expect(next.recovery).toEqual({ znodes: 7, sessions: 1, lastZxid: 3, replayedTxns: 0 });
    const again = await SessionClient.open(next.port, 10_000, client.response);
    expect(again.response).toEqual(client.response);
    expect(await again.exists('/a/e')).toBe(true);
  });

  it('refuses to go on with a session whose password is not shown', async () => {
    const server = await context.start();
    const client = await SessionClient.open(server.port);
    const guessed = { ...client.response, password: new Uint8Array(16) };
    expect((await SessionClient.open(server.port, 10_000, guessed)).response.timeoutMs).toBe(0);
  });

  it('takes session timeouts between 2 and 20 ticks, unless it is told others', async () => {
    const timeouts = async (port: number) =>
      Promise.all([1, 2_000_000].map(async (ms) => (await SessionClient.open(port, ms)).response.timeoutMs));
    expect(await timeouts((await context.start({ tickTimeMs: 100 })).port)).toEqual([200, 2000]);
    const bounds = { minSessionTimeoutMs: 5, maxSessionTimeoutMs: 50 };
    expect(await timeouts((await context.start(bounds)).port)).toEqual([5, 50]);
  });

  it('ends sessions that it does not hear of, with their connections and ephemeral znodes', async () => {
    const server = await context.start({ tickTimeMs: 1000 });
    const watcher = await SessionClient.open(server.port, 20_000);
    const silent = await SessionClient.open(server.port, 4000);
    await silent.create('/silent', 'ephemeral');
    expect(await watcher.exists('/silent', true)).toBe(true);
    await context.scheduler.advanceBy(3900);
    expect(silent.wire.socket.closed).toBe(false);
    await context.scheduler.advanceBy(1100);
    expect(await watcher.event()).toEqual({ type: 'nodeDeleted', path: '/silent' });
    await silent.wire.closed();
  });

  it('hears of all that clients sent while the process did not run, before it ends sessions', async () => {
    await context.close();
    context = new ServerContext(async () => {});
    const server = await context.start({ tickTimeMs: 1000 });
    const client = await SessionClient.open(server.port, 4000);
    // As after a pause: timers are due, and the sockets are looked at after them.
    await new Promise((resolve) => setTimeout(resolve));
    client.send({ op: 'exists', path: '/', watch: false });
    await context.scheduler.advanceBy(10_000);
    await client.wire.framesCame(1);
    expect((await SessionClient.open(server.port, 4000, client.response)).response).toEqual(client.response);
  });

  it('removes containers that are empty again', async () => {
    const server = await context.start({ containerCheckIntervalMs: 500 });
    const client = await SessionClient.open(server.port);
    await client.create('/container', 'container');
    await client.create('/container/child');
    await client.ask({ op: 'delete', path: '/container/child', version: -1 });
    expect(await client.exists('/container', true)).toBe(true);
    await context.scheduler.advanceBy(500);
    expect(await client.event()).toEqual({ type: 'nodeDeleted', path: '/container' });
  });

  it('removes any number of them, a slice at a time', async () => {
    const server = await context.start({ containerCheckIntervalMs: 500 });
    const client = await SessionClient.open(server.port);
    const znodes = async () => Number(/Node count: (\d+)/.exec(await askWord(server.port, 'srvr'))?.[1]);
    const before = await znodes();
    const ops = Array.from({ length: 2500 }, (_, index) => ({
      op: 'createTTL' as const,
      path: `/ttl${index}`,
      data: null,
      acl: OPEN_ACL,
      flags: CREATE_FLAGS.persistentWithTtl,
      ttlMs: 1,
    }));
    await client.ask({ op: 'multi', ops });
    expect(await znodes()).toBe(before + 2500);
    await context.scheduler.advanceBy(500);
    while ((await znodes()) > before) await new Promise((resolve) => setImmediate(resolve));
  });

  it('writes a snapshot after so many transactions, and keeps as many as it is told', async () => {
    const server = await context.start({ dataDir: context.dataDir, snapCount: 10, snapshotsKept: 2 });
    const client = await SessionClient.open(server.port);
    while (context.logger.at('info').filter((line) => line === 'snapshot written').length < 4) {
      await client.create('/s', 'persistentSequential');
    }
    expect(filesOf('snapshot').length).toBeLessThanOrEqual(3);
    expect(await askWord(server.port, 'mntr')).toMatch(/^zk_snap_count\t[4-9]$/m);
  });

  it('answers four-letter words, those that it is allowed to', async () => {
    const server = await context.start({ fourLetterWords: ['srvr'] });
    expect(await askWord(server.port, 'srvr')).toMatch(
      /^Zookeeper version: 3\.8\.0-barnabas\nLatency.*Node count: 5\n$/s,
    );
    expect(await askWord(server.port, 'ruok')).toBe('ruok is not executed because it is not in the whitelist.\n');
  });

  it('tells clients on this machine where to find it', async () => {
    const server = await context.start();
    expect(server.connectString).toBe(`127.0.0.1:${server.port}`);
    expect((await context.start({ host: '0.0.0.0' })).connectString).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});

describe('a server that cannot start', () => {
  it('leaves a data directory alone that another one has', async () => {
    await context.start({ dataDir: context.dataDir });
    await expect(context.start({ dataDir: context.dataDir })).rejects.toThrow(DataDirLockedError);
  });

  it('lets go of the data directory where the port is taken', async () => {
    const { port } = await context.start();
    await expect(context.start({ dataDir: context.dataDir, port })).rejects.toThrow('EADDRINUSE');
    await context.start({ dataDir: context.dataDir });
  });

  it('says what is wrong with its options', async () => {
    await expect(context.start({ minSessionTimeoutMs: 41_000 })).rejects.toThrow(ServerOptionsError);
    await expect(context.start({ tickTimeMs: 0 })).rejects.toThrow('tickTimeMs is 0');
  });
});
