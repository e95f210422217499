import { createConnection } from 'node:net';
import { buildBatch } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { type Event, nextRecord, open } from '../support/event-client.ts';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { listeningDoor } from '../support/test-door.ts';

const RECORDS = '/v1/topics/t/partitions/0/records';

const append = (cluster: MemoryCluster, ...texts: string[]) => {
  const records = texts.map((text) => ({ key: null, value: Buffer.from(text), timestamp: 0 }));
  cluster.partition('t').append(buildBatch({ records }));
};

const turn = () => new Promise(setImmediate);

describe('a stream of events', () => {
  it('shows what comes from now on, and says where to go on', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t');
    append(cluster, 'before');
    const { response, events, ending } = await open(url + RECORDS);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await events.next()).value).toEqual({ retry: '1000' });
    append(cluster, '{"n":1.0}', 'b');
    expect(await nextRecord(events)).toEqual({ id: '2', value: { n: 1 } });
    expect(await nextRecord(events)).toEqual({ id: '3', value: 'b' });
    append(cluster, 'c');
    expect(await nextRecord(events)).toEqual({ id: '4', value: 'c' });
    ending.abort();
  });

  it('goes on after the event that a client saw last, whatever it asked for at first', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t');
    append(cluster, 'a', 'b', 'c');
    const { events, ending } = await open(`${url}${RECORDS}?offset=earliest`, { 'last-event-id': '2' });
    expect(await nextRecord(events)).toEqual({ id: '3', value: 'c' });
    ending.abort();
  });

  it('says that it is alive while nothing comes', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 5 });
    cluster.addTopic('t');
    append(cluster, 'a');
    const { events, ending } = await open(url + RECORDS);
    await events.next();
    expect((await events.next()).value).toEqual({ id: '1' });
    expect((await events.next()).value).toEqual({ id: '1' });
    ending.abort();
  });

  it('ends after as many records as were asked for', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t');
    append(cluster, 'a', 'b', 'c');
    const { events } = await open(`${url}${RECORDS}?offset=0&limit=2`);
    expect([await nextRecord(events), await nextRecord(events), await nextRecord(events)]).toEqual([
      { id: '1', value: 'a' },
      { id: '2', value: 'b' },
      undefined,
    ]);
  });

  it('answers with a status what fails at the start, and with an event what fails later', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 5 });
    cluster.addTopic('t');
    append(cluster, 'a');
    const wrong = await open(`${url}${RECORDS}?offset=7`);
    expect(wrong.response.status).toBe(416);
    expect(await wrong.response.json()).toMatchObject({ code: 1, name: 'OFFSET_OUT_OF_RANGE' });
    const { events } = await open(url + RECORDS);
    await events.next();
    cluster.removeTopic('t');
    let last: Event | undefined;
    for await (const event of events) last = event;
    expect(last?.event).toBe('error');
    expect(JSON.parse(last?.data ?? '{}').name).toBe('UNKNOWN_TOPIC_OR_PARTITION');
  });

  it('gives everything back when its client goes', async () => {
    const { cluster, url } = await listeningDoor({ waitingReaders: 1, heartbeatMs: 20_000 });
    cluster.addTopic('t');
    const first = await open(url + RECORDS);
    while (cluster.partition('t').waitingFetches === 0) await turn();
    expect((await open(url + RECORDS)).response.status).toBe(429);
    first.ending.abort();
    while (cluster.partition('t').waitingFetches > 0) await turn();
    expect(cluster.listeners).toBe(0);
    const second = await open(url + RECORDS);
    expect(second.response.status).toBe(200);
    second.ending.abort();
  });

  it('reads no more than its client takes', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t');
    for (let i = 0; i < 64; i += 1) append(cluster, 'v'.repeat(1024 * 1024));
    const { response, ending } = await open(`${url}${RECORDS}?offset=0`);
    const fetches = () => cluster.asked.filter(({ api }) => api === 'Fetch').length;
    let before = -1;
    while (before !== fetches()) {
      before = fetches();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(before).toBeLessThan(32);
    const reader = response.body?.getReader();
    for (let bytes = 0; bytes < 64 * 1024 * 1024; ) bytes += (await reader?.read())?.value?.length ?? 0;
    expect(fetches()).toBeGreaterThan(before);
    ending.abort();
  });

  it('drops a client that does not read', async () => {
    const { cluster, port, url } = await listeningDoor({ waitingReaders: 1, silentConnectionMs: 100, heartbeatMs: 20 });
    cluster.addTopic('t');
    for (let i = 0; i < 32; i += 1) append(cluster, 'v'.repeat(1024 * 1024));
    const socket = createConnection(port, '127.0.0.1').pause();
    socket.on('error', () => {});
    socket.write(`GET ${RECORDS}?offset=0 HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n`);
    while (cluster.asked.length === 0) await turn();
    const another = () => fetch(`${url}${RECORDS}?offset=32&wait=1`);
    expect((await another()).status).toBe(429);
    while ((await another()).status === 429) await turn();
    expect((await another()).status).toBe(200);
    socket.destroy();
  });

  it('ends when the door closes', async () => {
    const { cluster, server, url } = await listeningDoor({ heartbeatMs: 20_000, closeTimeoutMs: 20_000 });
    cluster.addTopic('t');
    const { events } = await open(url + RECORDS);
    await events.next();
    while (cluster.partition('t').waitingFetches === 0) await turn();
    const ended = nextRecord(events);
    await server.close();
    expect(await ended).toBeUndefined();
  });
});
