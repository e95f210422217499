import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@barnabas/testkit';
import { type ConnectResponse, CREATE_FLAGS, OPEN_ACL, type Request } from '@barnabas/zookeeper';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Arrival, RawClient } from '../support/zookeeper/raw-client.ts';
import { ZooKeeperProcess } from '../support/zookeeper/zookeeper-process.ts';

const ROUNDS = 10;
/** Requests that wait for their answers at a time. */
const IN_FLIGHT = 200;
const LONG_MS = 20_000;
/** The least that a server with ticks of a second grants. */
const SHORT_MS = 2000;

let dataDir: string;
let server: ZooKeeperProcess;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'embedded-kill-'));
  server = await ZooKeeperProcess.start(dataDir);
});

afterEach(async () => {
  await server.kill();
  rmSync(dataDir, { recursive: true });
});

type Session = { readonly client: RawClient; readonly response: ConnectResponse };

async function openSession(timeoutMs: number, before?: ConnectResponse, lastZxidSeen = 0): Promise<Session> {
  const client = await RawClient.open(server.host, server.port);
  const { sessionId, password } = before ?? { sessionId: 0n, password: null };
  client.connect({ protocolVersion: 0, lastZxidSeen, timeoutMs, sessionId, password, readOnly: false });
  const arrival = await client.next();
  if (arrival.type !== 'connected') throw new Error(`no handshake, but ${arrival.type}`);
  return { client, response: arrival.response };
}

const create = (path: string, data: string, mode: keyof typeof CREATE_FLAGS): Request => ({
  op: 'create',
  path,
  data: Buffer.from(data),
  acl: OPEN_ACL,
  flags: CREATE_FLAGS[mode],
});

/** The answer to one request. */
async function ask(client: RawClient, request: Request): Promise<Extract<Arrival, { type: 'reply' }>> {
  const last = (await client.untilReply(client.send(request))).at(-1);
  if (last?.type !== 'reply') throw new Error(`no answer to ${request.op}`);
  return last;
}

/** What clients were told is there: data by path. Every creation has data of its own. */
class Acknowledged {
  readonly dataByPath = new Map<string, string>();
  lastZxid = 0;
  #count = 0;

  /** Creates znodes of three kinds until the server is killed, in the midst of it. */
  async createUntilKilled(client: RawClient, killAfter: number): Promise<void> {
    const modes = ['persistent', 'persistentSequential', 'ephemeral'] as const;
    const asked = new Map<number, string>();
    const send = (): void => {
      const data = `creation ${++this.#count}`;
      const mode = modes[this.#count % modes.length] ?? 'persistent';
      asked.set(client.send(create(`/kept/node-${this.#count}-`, data, mode)), data);
    };
    for (let count = 0; count < IN_FLIGHT; count++) send();
    for (let answered = 0; ; answered++) {
      const arrival = await client.next();
      if (arrival.type === 'closed') return;
      if (arrival.type !== 'reply' || arrival.reply?.op !== 'create') throw new Error(JSON.stringify(arrival));
      this.dataByPath.set(arrival.reply.path, asked.get(arrival.header.xid) ?? '');
      this.lastZxid = arrival.header.zxid;
      if (answered === killAfter) void server.kill();
      send();
    }
  }
}

/** All that is below /kept: data by path. */
async function readAll(client: RawClient): Promise<Map<string, string>> {
  const { reply } = await ask(client, { op: 'getChildren', path: '/kept', watch: false });
  const paths = reply?.op === 'getChildren' ? reply.children.map((name) => `/kept/${name}`) : [];
  const xids = paths.map((path) => client.send({ op: 'getData', path, watch: false }));
  const answers = xids.length === 0 ? [] : await client.untilReply(xids.at(-1) ?? 0);
  return new Map(
    answers.map((answer, index) => {
      const data = answer.type === 'reply' && answer.reply?.op === 'getData' ? answer.reply.data : null;
      return [paths[index] ?? '', Buffer.from(data ?? []).toString()];
    }),
  );
}

describe('the embedded server, killed again and again', () => {
  it('has all that it acknowledged, each creation once, and the session that made it', {
    timeout: 120_000,
  }, async () => {
    const random = seededRandom(4);
    const acknowledged = new Acknowledged();
    let session = await openSession(LONG_MS);
    await ask(session.client, create('/kept', '', 'persistent'));
    for (let round = 0; round < ROUNDS; round++) {
      await acknowledged.createUntilKilled(session.client, random.below(600));
      await server.killAndStartAgain();
      const again = await openSession(LONG_MS, session.response, acknowledged.lastZxid);
      expect(again.response).toEqual(session.response);
      session = again;
      const found = await readAll(session.client);
      const missing = [...acknowledged.dataByPath].filter(([path, data]) => found.get(path) !== data);
      expect(missing).toEqual([]);
      expect(new Set(found.values()).size).toBe(found.size);
    }
    expect(acknowledged.dataByPath.size).toBeGreaterThan(ROUNDS * IN_FLIGHT);
  });

  it('removes what a session had that nobody takes up again, when its timeout has passed', async () => {
    const forgotten = await openSession(SHORT_MS);
    await ask(forgotten.client, create('/forgotten', '', 'ephemeral'));
    const kept = await openSession(LONG_MS);
    await ask(kept.client, create('/kept', '', 'ephemeral'));
    await server.killAndStartAgain();
    const { client } = await openSession(LONG_MS, kept.response);
    const watched = await ask(client, { op: 'exists', path: '/forgotten', watch: true });
    expect(watched.header.code).toBe(0);
    expect(await client.next()).toMatchObject({ type: 'event', event: { type: 'nodeDeleted', path: '/forgotten' } });
    expect((await ask(client, { op: 'exists', path: '/kept', watch: false })).header.code).toBe(0);
  });
});
