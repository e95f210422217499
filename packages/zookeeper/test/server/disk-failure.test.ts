import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TxnLogFailedError } from '../../src/server/persistence/persistence-errors.ts';
import { SessionClient } from '../support/server/session-client.ts';
import { WireClient } from '../support/server/wire-client.ts';
import { ServerContext } from './server-context.ts';

const DATA_DIR = '/data';

let context: ServerContext;
let disk: SimulatedDisk;

beforeEach(() => {
  context = new ServerContext();
  disk = new SimulatedDisk(seededRandom(1));
});

afterEach(() => context.close());

const start = () => context.start({ dataDir: DATA_DIR, fileSystem: disk.newProcess() });

/** Enough turns of the event loop for an answer to come, if there is one. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a server whose disk', () => {
  it('is slow answers nothing before a write is on it, not a read by somebody else either', async () => {
    const server = await start();
    const [writer, reader] = [await SessionClient.open(server.port), await SessionClient.open(server.port)];
    const release = disk.faults.stall('sync', /log\./);
    const answered: string[] = [];
    const written = writer.create('/a').then(() => answered.push('written'));
    await turns();
    const read = reader.exists('/a').then((exists) => answered.push(`read: ${exists}`));
    await turns();
    expect(answered).toEqual([]);
    release();
    await Promise.all([written, read]);
    expect(answered.sort()).toEqual(['read: true', 'written']);
  });

  it('fails answers nothing any more, closes all connections and says so', async () => {
    const server = await start();
    const client = await SessionClient.open(server.port);
    await client.create('/before');
    const other = await SessionClient.open(server.port);
    const lift = disk.faults.fail('sync', /log\./);
    client.send({ op: 'delete', path: '/before', version: -1 });
    client.send({ op: 'exists', path: '/', watch: false });
    await Promise.all([client.wire.closed(), other.wire.closed()]);
    expect(client.wire.frames).toEqual([]);
    expect(await server.failed).toBeInstanceOf(TxnLogFailedError);
    await expect(WireClient.open(server.port)).rejects.toThrow('ECONNREFUSED');
    expect(context.logger.at('error')).toHaveLength(1);
    await server.close();

    lift();
    const next = await start();
    expect(next.recovery.sessions).toBe(2);
    expect((await SessionClient.open(next.port, 10_000, client.response)).response).toEqual(client.response);
  });

  it('takes no snapshot goes on, and says so', async () => {
    const server = await context.start({ dataDir: DATA_DIR, fileSystem: disk.newProcess(), snapCount: 5 });
    const client = await SessionClient.open(server.port);
    disk.faults.fail('open', /new-snapshot/, 'ENOSPC');
    while (context.logger.at('warn').length === 0) await client.create('/s', 'persistentSequential');
    expect(context.logger.at('warn')[0]).toContain('no snapshot could be written');
    await server.close();
    const next = await start();
    expect(next.recovery.replayedTxns).toBeGreaterThan(4);
  });
});
