import { brokerId } from '@barnabas/model';
import { buildBatch } from '@barnabas/protocol';
import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { type Event, nextRecord, open } from '../support/event-client.ts';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { listeningDoor } from '../support/test-door.ts';

const RECORDS = '/v1/topics/t/records';

const append = (cluster: MemoryCluster, partition: number, ...texts: string[]) => {
  const records = texts.map((text) => ({ key: null, value: Buffer.from(text), timestamp: Date.now() }));
  cluster.partition('t', partition).append(buildBatch({ records }));
};

const turn = () => new Promise(setImmediate);

/** The next `count` values. */
const nextValues = async (events: AsyncGenerator<Event, void, undefined>, count: number) => {
  const values: unknown[] = [];
  while (values.length < count) values.push((await nextRecord(events))?.value);
  return values;
};

describe('a stream of the events of a topic', () => {
  it('shows what comes to any partition from now on, each in its order', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t', 3);
    append(cluster, 0, 'before');
    const { response, events, ending } = await open(url + RECORDS);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect((await events.next()).value).toEqual({ retry: '1000' });
    append(cluster, 2, 'c0', 'c1');
    expect(await nextValues(events, 2)).toEqual(['c0', 'c1']);
    append(cluster, 0, 'a0');
    append(cluster, 1, 'b0');
    expect((await nextValues(events, 2)).sort()).toEqual(['a0', 'b0']);
    ending.abort();
  });

  it('goes on after the event that a client saw last, in all partitions', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t', 2);
    append(cluster, 0, 'a0', 'a1', 'a2');
    append(cluster, 1, 'b0', 'b1');
    const seen: unknown[] = [];
    let headers: Record<string, string> = {};
    while (seen.length < 5) {
      const { events, ending } = await open(`${url}${RECORDS}?offset=earliest`, headers);
      const next = await nextRecord(events);
      seen.push(next?.value);
      headers = { 'last-event-id': next?.id ?? '' };
      ending.abort();
    }
    expect(seen.slice().sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1']);
    expect(seen.filter((value) => String(value).startsWith('a'))).toEqual(['a0', 'a1', 'a2']);
    for (const wrong of ['', '3', `${headers['last-event-id']}A`]) {
      const { response } = await open(url + RECORDS, { 'last-event-id': wrong });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 42, name: 'INVALID_REQUEST' });
    }
  });

  it('goes on without a partition that has no leader, and with it once it has one', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.leaderOf = (_, partition) => (partition === 0 ? undefined : brokerId(3));
    cluster.addTopic('t', 2);
    append(cluster, 0, 'a0');
    const { events, ending } = await open(`${url}${RECORDS}?offset=earliest`);
    append(cluster, 1, 'b0');
    expect(await nextValues(events, 1)).toEqual(['b0']);
    cluster.leaderOf = () => brokerId(3);
    cluster.tell();
    expect(await nextValues(events, 1)).toEqual(['a0']);
    ending.abort();
  });

  it('shows what comes to a partition that had no leader before it has been asked for its end', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.leaderOf = (_, partition) => (partition === 0 ? undefined : brokerId(3));
    cluster.addTopic('t', 2);
    const old = [{ key: null, value: Buffer.from('old'), timestamp: Date.now() - 60_000 }];
    cluster.partition('t', 0).append(buildBatch({ records: old }));
    const { events, ending } = await open(url + RECORDS);
    await events.next();
    append(cluster, 0, 'a0');
    cluster.leaderOf = () => brokerId(3);
    cluster.tell();
    expect(await nextValues(events, 1)).toEqual(['a0']);
    ending.abort();
  });

  it('goes on without a leader that answers nothing, and reads at the next one from where it was', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 20_000 });
    cluster.leaderOf = (_, partition) => brokerId(partition + 1);
    cluster.addTopic('t', 2);
    const stuck = new Promise<void>(() => {});
    // Of the first round nothing waits; what waits at the first broker waits for ever.
    for (let i = 0; i < 4; i += 1) {
      cluster.next('Fetch', ({ maxWaitMs }, broker) => (broker === 1 && maxWaitMs > 0 ? stuck : undefined));
    }
    const { events, ending } = await open(url + RECORDS);
    await events.next();
    append(cluster, 0, 'a0');
    append(cluster, 1, 'b0');
    expect(await nextValues(events, 1)).toEqual(['b0']);
    cluster.leaderOf = () => brokerId(2);
    cluster.tell();
    expect(await nextValues(events, 1)).toEqual(['a0']);
    ending.abort();
  });

  it('says where it is while nothing comes, and ends after as many records as were asked for', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 5 });
    cluster.addTopic('t', 2);
    append(cluster, 0, 'a0', 'a1');
    const { events, ending } = await open(url + RECORDS);
    await events.next();
    const { id } = (await events.next()).value ?? {};
    expect((await events.next()).value).toEqual({ id });
    ending.abort();
    const counted = await open(`${url}${RECORDS}?offset=earliest&limit=1`);
    expect(await nextValues(counted.events, 1)).toEqual(['a0']);
    expect(await nextRecord(counted.events)).toBeUndefined();
  });

  it('ends with an event that says why, where a partition cannot be read on', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 5 });
    cluster.addTopic('t', 2);
    const { events } = await open(url + RECORDS);
    await events.next();
    cluster.removeTopic('t');
    let last: Event | undefined;
    for await (const event of events) last = event;
    expect([last?.event, JSON.parse(last?.data ?? '{}').name]).toEqual(['error', 'UNKNOWN_TOPIC_OR_PARTITION']);
  });

  it('gives everything back when its client goes, and ends when the door closes', async () => {
    const { cluster, server, url } = await listeningDoor({ waitingReaders: 1, heartbeatMs: 20_000 });
    cluster.addTopic('t', 3);
    const waiting = () => [0, 1, 2].filter((partition) => cluster.partition('t', partition).waitingFetches > 0).length;
    const first = await open(url + RECORDS);
    while (waiting() < 3) await turn();
    expect((await open(url + RECORDS)).response.status).toBe(429);
    first.ending.abort();
    while (waiting() > 0) await turn();
    expect(cluster.listeners).toBe(0);
    const second = await open(url + RECORDS);
    expect(second.response.status).toBe(200);
    while (waiting() < 3) await turn();
    const ended = nextRecord(second.events);
    await server.close();
    expect(await ended).toBeUndefined();
  });

  it('reads no more than its client takes', async () => {
    const { cluster, url } = await listeningDoor();
    cluster.addTopic('t', 2);
    for (let i = 0; i < 64; i += 1) append(cluster, i % 2, 'v'.repeat(1024 * 1024));
    const { ending } = await open(`${url}${RECORDS}?offset=earliest`);
    const fetches = () => cluster.asked.filter(({ api }) => api === 'Fetch').length;
    let before = -1;
    while (before !== fetches()) {
      before = fetches();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(before).toBeLessThan(32);
    ending.abort();
  });

  it('gives every record once and in order, over reconnects, elections and partitions without leaders', async () => {
    const { cluster, url } = await listeningDoor({ heartbeatMs: 10 });
    const random = seededRandom(20_260_911);
    const below = (bound: number) => random.below(bound);
    const leaders = [1, 2, 3];
    cluster.leaderOf = (_, partition) => (leaders[partition] === 0 ? undefined : brokerId(leaders[partition] ?? 1));
    cluster.addTopic('t', 3);
    const sent: string[][] = [[], [], []];
    const seen: string[][] = [[], [], []];
    const total = (all: string[][]) => all.reduce((sum, { length }) => sum + length, 0);
    const headers: Record<string, string> = {};
    for (let step = 0; step < 60; step += 1) {
      const isLast = step === 59;
      for (let count = below(5); count > 0; count -= 1) {
        const partition = below(3);
        const text = `${partition}-${sent[partition]?.length}`;
        sent[partition]?.push(text);
        append(cluster, partition, text);
      }
      leaders[below(3)] = below(4);
      if (isLast) leaders.fill(2);
      cluster.tell();
      const { events, ending } = await open(`${url}${RECORDS}?offset=earliest`, headers);
      const goal = isLast ? total(sent) : total(seen) + below(4);
      for (let quiet = 0; total(seen) < goal && (isLast || quiet < 3); ) {
        const event = (await events.next()).value;
        if (event?.id !== undefined) headers['last-event-id'] = event.id;
        if (event?.data === undefined) quiet += 1;
        else {
          const { partition, value } = JSON.parse(event.data);
          seen[partition]?.push(value);
        }
      }
      ending.abort();
    }
    expect(seen).toEqual(sent);
  });
});
