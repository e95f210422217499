import { ERRORS } from '@barnabas/model';
import { APIS, type InputOf, type TypeOf } from '@barnabas/protocol';
import { decodeResponse } from '@barnabas/transport';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectionQuota } from '../../src/kafka/connection-quota.ts';
import { Door, HeldHandler, UNLIMITED } from '../support/kafka/door.ts';

type Produce = TypeOf<typeof APIS.Produce.request>;
type Produced = InputOf<typeof APIS.Produce.response>;
type Heartbeat = TypeOf<typeof APIS.Heartbeat.request>;
type HeartbeatAnswer = InputOf<typeof APIS.Heartbeat.response>;

const SOFTWARE = { clientSoftwareName: 'test', clientSoftwareVersion: '1.0' };
const HEARTBEAT = { groupId: 'g', generationId: 1, memberId: 'm' };
const ALIVE: HeartbeatAnswer = { throttleTimeMs: 0, errorCode: 0 };
const produce = (acks: number) => ({ transactionalId: null, acks, timeoutMs: 1000, topicData: [] });
const produced = (errorCode = 0): Produced => ({
  responses: [{ name: 't', partitionResponses: [{ index: 0, errorCode, baseOffset: 0n, recordErrors: [] }] }],
  throttleTimeMs: 0,
});

let door: Door;
afterEach(() => door.close());

describe('ApiVersions', () => {
  it.each([0, 1, 2, 3, 4])('in version %i tells what there is a handler for, and itself', async (version) => {
    door = await Door.open({ handlers: { Heartbeat: () => ALIVE, LeaderAndIsr: () => ({ errorCode: 0 }) } });
    const client = await door.client();
    const answer = await client.ask('ApiVersions', version, SOFTWARE);
    expect(answer.errorCode).toBe(ERRORS.NONE.code);
    expect(answer.apiKeys).toEqual([
      { apiKey: APIS.Heartbeat.key, minVersion: 0, maxVersion: 4 },
      { apiKey: APIS.ApiVersions.key, minVersion: 0, maxVersion: 4 },
    ]);
  });

  it('in a version to come is answered in version 0 with what it may ask, and the client asks again', async () => {
    door = await Door.open();
    const client = await door.client();
    const bytes = client.bytesOf('ApiVersions', 4, SOFTWARE);
    bytes.writeInt16BE(99, 6);
    client.socket.write(bytes);
    const { frame, correlationId } = await client.next();
    expect(correlationId).toBe(1);
    expect(decodeResponse(APIS.ApiVersions, 0, frame)).toMatchObject({
      errorCode: ERRORS.UNSUPPORTED_VERSION.code,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
    });
    await expect(client.ask('ApiVersions', 4, SOFTWARE)).resolves.toMatchObject({ errorCode: 0 });
  });

  it('of a client without a name is refused', async () => {
    door = await Door.open();
    const client = await door.client();
    const nameless = { clientSoftwareName: '', clientSoftwareVersion: '' };
    await expect(client.ask('ApiVersions', 3, nameless)).resolves.toMatchObject({
      errorCode: ERRORS.INVALID_REQUEST.code,
      apiKeys: [],
    });
  });
});

describe('requests of one connection', () => {
  it('are handled one at a time and answered in order', async () => {
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    door = await Door.open({ handlers: { Heartbeat: heartbeats.handle } });
    const client = await door.client();
    const sent = [0, 1, 2].map(() => client.send('Heartbeat', 4, HEARTBEAT));
    const order: number[] = [];
    for (const index of [0, 1, 2]) {
      await heartbeats.arrived(index + 1);
      expect(heartbeats.requests).toHaveLength(index + 1);
      heartbeats.answer(index, ALIVE);
      order.push((await client.next()).correlationId);
    }
    expect(order).toEqual(sent);
  });

  it('tell handlers who asks, and through which listener', async () => {
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    door = await Door.open({ handlers: { Heartbeat: heartbeats.handle } });
    const client = await door.client();
    client.send('Heartbeat', 2, HEARTBEAT);
    await heartbeats.arrived(1);
    const { localPort } = client.socket;
    const context = { version: 2, clientId: 'raw', listener: 'CLIENTS', remote: `127.0.0.1:${localPort}` };
    expect(heartbeats.contexts[0]).toMatchObject(context);
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(heartbeats.contexts[0]?.signal.aborted).toBe(true));
  });

  it('wait for their replicas together where they are Produces, up to a limit, and are answered in order', async () => {
    const produces = new HeldHandler<Produce, Produced>();
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    const handlers = { Produce: produces.handle, Heartbeat: heartbeats.handle };
    door = await Door.open({ handlers, limits: { pipelinedProduces: 2 } });
    const client = await door.client();
    const sent = [0, 1, 2].map(() => client.send('Produce', 9, produce(-1)));
    sent.push(client.send('Heartbeat', 4, HEARTBEAT));
    await produces.arrived(2);
    produces.answer(1, produced());
    await new Promise(setImmediate);
    expect(produces.requests).toHaveLength(2);
    produces.answer(0, produced());
    await produces.arrived(3);
    expect(heartbeats.requests).toHaveLength(0);
    produces.answer(2, produced());
    await heartbeats.arrived(1);
    heartbeats.answer(0, ALIVE);
    const order = [await client.next(), await client.next(), await client.next(), await client.next()];
    expect(order.map(({ correlationId }) => correlationId)).toEqual(sent);
  });

  it('are all answered that a client has sent before it ends its side', async () => {
    door = await Door.open({ handlers: { Heartbeat: async () => ALIVE } });
    const client = await door.client(true);
    const sent = [0, 1, 2].map(() => client.bytesOf('Heartbeat', 4, HEARTBEAT));
    client.socket.end(Buffer.concat(sent));
    const order = [await client.next(), await client.next(), await client.next()];
    expect(order.map(({ correlationId }) => correlationId)).toEqual([1, 2, 3]);
    await client.whenClosed();
  });
});

describe('a Produce with acks=0', () => {
  it('gets no answer', async () => {
    const produces = new HeldHandler<Produce, Produced>();
    door = await Door.open({ handlers: { Produce: produces.handle, Heartbeat: () => ALIVE } });
    const client = await door.client();
    client.send('Produce', 9, produce(0));
    const sent = client.send('Heartbeat', 4, HEARTBEAT);
    await produces.arrived(1);
    produces.answer(0, produced());
    expect((await client.next()).correlationId).toBe(sent);
  });

  it('closes the connection when it fails, which is all that its client can be told', async () => {
    const produces = new HeldHandler<Produce, Produced>();
    door = await Door.open({ handlers: { Produce: produces.handle } });
    const client = await door.client();
    client.send('Produce', 9, produce(0));
    await produces.arrived(1);
    produces.answer(0, produced(ERRORS.NOT_LEADER_OR_FOLLOWER.code));
    await client.whenClosed();
  });
});

describe('a handler that throws', () => {
  it('costs the connection, and no other', async () => {
    const Heartbeat = (): never => {
      throw new Error('not foreseen');
    };
    door = await Door.open({ handlers: { Heartbeat } });
    const [one, other] = [await door.client(), await door.client()];
    one.send('Heartbeat', 4, HEARTBEAT);
    await one.whenClosed();
    expect(door.log.lines).toEqual([
      'error: Heartbeat failed unexpectedly',
      expect.stringMatching(/^warn: closing the connection of .*: Heartbeat failed$/),
    ]);
    await expect(other.ask('ApiVersions', 0, {} as never)).resolves.toMatchObject({ errorCode: 0 });
  });
});

describe('closing the door', () => {
  it('answers what is under way, takes nothing more, and ends the connections', async () => {
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    door = await Door.open({ handlers: { Heartbeat: heartbeats.handle } });
    const [busy, idle] = [await door.client(), await door.client()];
    busy.send('Heartbeat', 4, HEARTBEAT);
    busy.send('Heartbeat', 4, HEARTBEAT);
    await heartbeats.arrived(1);
    const closed = door.server.close();
    await idle.whenClosed();
    heartbeats.answer(0, ALIVE);
    await expect(busy.next()).resolves.toMatchObject({ correlationId: 1 });
    await closed;
    await busy.whenClosed();
    expect(heartbeats.requests).toHaveLength(1);
    await expect(door.client()).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for ever for a handler', async () => {
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    door = await Door.open({ handlers: { Heartbeat: heartbeats.handle }, limits: { closeTimeoutMs: 50 } });
    const client = await door.client();
    client.send('Heartbeat', 4, HEARTBEAT);
    await heartbeats.arrived(1);
    await door.server.close();
    await client.whenClosed();
  });
});

describe('connections', () => {
  it('are closed when nothing has moved on them for connections.max.idle.ms, but not while they wait for an answer', async () => {
    const heartbeats = new HeldHandler<Heartbeat, HeartbeatAnswer>();
    door = await Door.open({ handlers: { Heartbeat: heartbeats.handle }, limits: { idleMs: 100 } });
    const [waiting, idle] = [await door.client(), await door.client()];
    waiting.send('Heartbeat', 4, HEARTBEAT);
    await idle.whenClosed();
    heartbeats.answer(0, ALIVE);
    await expect(waiting.next()).resolves.toMatchObject({ correlationId: 1 });
    await waiting.whenClosed();
  });

  it('beyond the quota are closed at once, and let in when others have gone', async () => {
    door = await Door.open({ quota: new ConnectionQuota({ ...UNLIMITED, perAddress: 1 }) });
    const first = await door.client();
    await first.ask('ApiVersions', 0, {} as never);
    const second = await door.client();
    await second.whenClosed();
    expect(door.log.lines.join()).toContain('refused a connection: its address has 1 connections');
    first.close();
    await vi.waitFor(async () => {
      const third = await door.client();
      await third.ask('ApiVersions', 0, {} as never);
    });
  });
});
