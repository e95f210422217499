import { setTimeout as sleep } from 'node:timers/promises';
import { type APIS, type InputOf, ZERO_UUID } from '@barnabas/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KafkaLimits } from '../../src/kafka/kafka-limits.ts';
import { Door } from '../support/kafka/door.ts';
import type { RawClient } from '../support/kafka/raw-client.ts';

type Fetched = InputOf<typeof APIS.Fetch.response>;

const MIB = 1024 * 1024;
const FETCH = { maxWaitMs: 0, minBytes: 0, maxBytes: 1, topics: [], forgottenTopicsData: [] };
const RECORDS = Buffer.alloc(MIB, 7);
const partition = { partitionIndex: 0, errorCode: 0, highWatermark: 0n, abortedTransactions: null, records: RECORDS };
const FETCHED: Fetched = {
  throttleTimeMs: 0,
  errorCode: 0,
  sessionId: 0,
  responses: [{ topic: 't', topicId: ZERO_UUID, partitions: [partition] }],
};

let door: Door;
afterEach(() => door.close());

/** A door that answers each Fetch with 1 MiB, and how many it has answered. */
async function openDoor(limits: Partial<KafkaLimits> = {}): Promise<{ fetches: number }> {
  const count = { fetches: 0 };
  const Fetch = (): Fetched => {
    count.fetches++;
    return FETCHED;
  };
  door = await Door.open({ handlers: { Fetch }, limits });
  return count;
}

describe('a client that sends and never reads', () => {
  it('has a few answers made, and no more; nobody else waits for it', async () => {
    const count = await openDoor();
    const client = await door.client();
    client.socket.pause();
    for (let sent = 0; sent < 200; sent++) client.send('Fetch', 11, FETCH);
    let before = -1;
    await vi.waitFor(() => {
      const settled = count.fetches === before && before > 0;
      before = count.fetches;
      expect(settled).toBe(true);
    });
    // What the kernel takes of both sides' buffers, and one MiB of our own.
    expect(count.fetches).toBeLessThan(60);
    const other = await door.client();
    const { responses } = await other.ask('Fetch', 11, FETCH);
    expect(responses[0]?.partitions[0]?.records).toEqual(RECORDS);
  });

  it('gets the rest when it reads after all', async () => {
    const count = await openDoor();
    const client = await door.client();
    client.socket.pause();
    for (let sent = 0; sent < 50; sent++) client.send('Fetch', 11, FETCH);
    await vi.waitFor(() => expect(count.fetches).toBeGreaterThan(0));
    client.socket.resume();
    for (let received = 1; received <= 50; received++) expect((await client.next()).correlationId).toBe(received);
  });

  it('is dropped, when nothing has moved for connections.max.idle.ms', async () => {
    const count = await openDoor({ idleMs: 100 });
    const client = await door.client();
    client.socket.pause();
    for (let sent = 0; sent < 50; sent++) client.send('Fetch', 11, FETCH);
    await vi.waitFor(() => expect(count.fetches).toBeGreaterThan(0));
    await untilGone(client);
    expect(count.fetches).toBeLessThan(50);
  });

  it('is dropped when all of its kind keep too much in memory, the slowest first; who reads is served', async () => {
    await openDoor({ waitingBytes: 64 * MIB, allWaitingBytes: 50 * MIB });
    const slow = await Promise.all([0, 1].map(() => door.client()));
    for (const client of slow) {
      client.socket.pause();
      for (let sent = 0; sent < 40; sent++) client.send('Fetch', 11, FETCH);
    }
    const reader = await door.client();
    for (let asked = 0; asked < 50; asked++) await reader.ask('Fetch', 11, FETCH);
    await Promise.race(slow.map(untilGone));
    expect(slow.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
  });
});

/** A client that does not read notices by what it writes. */
async function untilGone({ socket }: RawClient): Promise<void> {
  while (!socket.destroyed) {
    socket.write(Buffer.alloc(1));
    await sleep(20);
  }
}
