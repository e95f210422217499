import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiName } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVED_APIS } from '../../src/kafka/served-apis.ts';
import { damaged, goldenRequests } from '../support/kafka/golden-requests.ts';
import { RawClient } from '../support/kafka/raw-client.ts';
import { ask } from '../support/node/http.ts';
import { LocalEnsemble, type StartedServer } from '../support/node/local-ensemble.ts';
import { recordingLog } from '../support/recording-log.ts';

const NAMES = Object.keys(SERVED_APIS) as ApiName[];
const LISTENERS = 'listeners=KAFKA://127.0.0.1:0,REST://127.0.0.1:0,PEERS://127.0.0.1:0';
const COPIES = ['default.replication.factor=1', 'min.insync.replicas=1', 'offsets.topic.replication.factor=1'];
/** Some requests wait for long, and rightly so. */
const PATIENCE_MS = 100;
const AT_ONCE = 16;

const log = recordingLog();
let ensemble: LocalEnsemble;
let broker: StartedServer;
let port: number;

beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  broker = await ensemble.startBroker([...ensemble.properties(1), LISTENERS, ...COPIES], log);
  port = broker.listeners.get('KAFKA')?.port ?? 0;
});
afterAll(() => ensemble.close());

/** Sends it on a connection of its own, waits a little for whatever comes of it, and hangs up. */
async function send(bytes: Buffer): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  const closed = once(socket, 'close').catch(() => {});
  const answered = once(socket, 'data').catch(() => {});
  socket.write(bytes);
  await Promise.race([closed, answered, sleep(PATIENCE_MS)]);
  socket.resetAndDestroy();
}

async function sendAll(requests: readonly Buffer[]): Promise<void> {
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    await Promise.all(requests.slice(from, from + AT_ONCE).map(send));
  }
}

/** Nothing has failed that nobody foresaw, and the broker does what it is there for. */
async function expectWell(): Promise<void> {
  expect(log.lines.filter((line) => line.startsWith('error:'))).toEqual([]);
  expect((await ask(broker.url, 'GET', '/ready')).status).toBe(200);
  const client = await RawClient.connect({ port });
  const { brokers } = await client.ask('Metadata', 12, { topics: [] });
  expect(brokers).toHaveLength(1);
  client.close();
}

describe("a broker's handlers", () => {
  it.each(NAMES)('know what to do with any %s that Kafka can write, whole or damaged', async (name) => {
    const requests = goldenRequests(name);
    await sendAll(requests.map(({ bytes }) => bytes));
    const damage = fc
      .tuple(
        fc.constantFrom(...requests),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(255),
        fc.constant(false),
      )
      .map((parts) => damaged(...parts));
    await sendAll(fc.sample(damage, 64));
    await expectWell();
  });
});
