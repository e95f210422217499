import { brokerId } from '@barnabas/model';
import { buildBatch } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { MemoryPartition } from '../support/memory-partition.ts';
import { testDoor } from '../support/test-door.ts';

const RECORDS = '/v1/topics/t/records';

type Line = { readonly partition: number; readonly offset: number; readonly value: string };

const append = (cluster: MemoryCluster, partition: number, ...texts: string[]) => {
  const records = texts.map((text, i) => ({ key: null, value: Buffer.from(text), timestamp: 1_000 + i }));
  cluster.partition('t', partition).append(buildBatch({ records }));
};

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

const filledDoor = async (...partitions: string[][]) => {
  const door = await testDoor();
  door.cluster.addTopic('t', partitions.length);
  for (const [partition, texts] of partitions.entries())
    if (texts.length > 0) append(door.cluster, partition, ...texts);
  const read = async (query = '', headers: Record<string, string> = {}) => {
    const response = await door.send({ url: `${RECORDS}?${query}`, headers });
    const lines: Line[] =
      response.statusCode === 200
        ? response.body
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line))
        : [];
    return { response, lines, next: String(response.headers['next-offset']), values: lines.map(({ value }) => value) };
  };
  return { ...door, read };
};

const valuesOf = (lines: readonly Line[], partition: number) =>
  lines.filter((line) => line.partition === partition).map(({ value }) => value);

describe('GET records of a topic', () => {
  it('gives those of all partitions, each in its order, and says that this is all', async () => {
    const { read } = await filledDoor(many('a', 3), [], many('c', 2), many('d', 1));
    const { lines, response } = await read();
    expect(lines).toHaveLength(6);
    expect([0, 1, 2, 3].map((partition) => valuesOf(lines, partition))).toEqual([
      ['a0', 'a1', 'a2'],
      [],
      ['c0', 'c1'],
      ['d0'],
    ]);
    expect(response.headers['up-to-date']).toBe('true');
  });

  it('goes on where it was, in pieces of any size, with nothing left out and nothing twice', async () => {
    for (const limit of [1, 2, 3, 5, 7]) {
      const { read } = await filledDoor(many('a', 9), many('b', 4), [], many('d', 1));
      const all: Line[] = [];
      let piece = await read(`limit=${limit}`);
      for (; piece.lines.length > 0; piece = await read(`limit=${limit}&offset=${piece.next}`)) {
        expect(piece.lines.length).toBeLessThanOrEqual(limit);
        all.push(...piece.lines);
      }
      expect(piece.response.headers['up-to-date']).toBe('true');
      expect(valuesOf(all, 0)).toEqual(many('a', 9));
      expect(valuesOf(all, 1)).toEqual(many('b', 4));
      expect(valuesOf(all, 3)).toEqual(['d0']);
      expect(all).toHaveLength(14);
    }
  });

  it('gives all partitions the same, whoever leads them', async () => {
    for (const leaders of [
      [1, 2, 3],
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 2],
    ]) {
      const { cluster, read } = await filledDoor(many('a', 100), many('b', 100), many('c', 100));
      cluster.leaderOf = (_, partition) => brokerId(leaders[partition] ?? 1);
      cluster.tell();
      const { lines } = await read('limit=30');
      expect([0, 1, 2].map((partition) => valuesOf(lines, partition).length)).toEqual([10, 10, 10]);
    }
  });

  it('gives a record whatever its size, and no more bytes than asked for otherwise', async () => {
    const { read } = await filledDoor(many('a'.repeat(100), 3), many('b'.repeat(100), 3));
    expect((await read('bytes=1')).lines).toHaveLength(1);
    expect((await read('bytes=250')).lines).toHaveLength(2);
  });

  it('begins at a time, before the end, or at the end, of each partition', async () => {
    const { read } = await filledDoor(many('a', 3), many('b', 1));
    expect((await read('timestamp=1001')).values).toEqual(['a1', 'a2']);
    expect((await read('tail=1')).values.sort()).toEqual(['a2', 'b0']);
    expect((await read('offset=latest')).values).toEqual([]);
  });

  it('begins at the beginning of partitions that were added since', async () => {
    const { cluster, read } = await filledDoor(many('a', 2));
    const { next } = await read();
    cluster.topics.get('t')?.partitions.push(new MemoryPartition());
    cluster.tell();
    append(cluster, 1, 'b0', 'b1');
    append(cluster, 0, 'a2');
    expect((await read(`offset=${next}`)).values.sort()).toEqual(['a2', 'b0', 'b1']);
  });

  it('reads the others where a partition has no leader, and that one once it has', async () => {
    const { cluster, read } = await filledDoor(many('a', 2), many('b', 2));
    cluster.leaderOf = (_, partition) => (partition === 0 ? undefined : brokerId(3));
    cluster.tell();
    const first = await read();
    expect(first.values).toEqual(['b0', 'b1']);
    expect(first.response.headers['up-to-date']).toBeUndefined();
    cluster.leaderOf = () => brokerId(3);
    cluster.tell();
    expect((await read(`offset=${first.next}`)).values).toEqual(['a0', 'a1']);
  });

  it('reads what comes to a partition that had no leader from then on, where it was to begin at the end', async () => {
    const { cluster, read } = await filledDoor(['a0'], ['b0']);
    cluster.leaderOf = (_, partition) => (partition === 0 ? undefined : brokerId(3));
    cluster.tell();
    const { next } = await read('offset=latest');
    cluster.leaderOf = () => brokerId(3);
    cluster.tell();
    const later = [{ key: null, value: Buffer.from('a1'), timestamp: Date.now() + 1 }];
    cluster.partition('t', 0).append(buildBatch({ records: later }));
    expect((await read(`offset=${next}`)).values).toEqual(['a1']);
  });

  it('lets nobody wait long for a leader that does not answer', async () => {
    const { cluster, read } = await filledDoor(many('a', 2), many('b', 2));
    cluster.next('ListOffsets', (_, broker) => (broker === 1 ? new Promise(() => {}) : undefined));
    cluster.next('ListOffsets', (_, broker) => (broker === 1 ? new Promise(() => {}) : undefined));
    expect((await read()).values).toEqual(['b0', 'b1']);
  });

  it('says why where nothing can be read', async () => {
    const { cluster, read } = await filledDoor(['a']);
    cluster.next('ListOffsets', () => {
      throw new PeerError('refused', 'closed', 'closed');
    });
    const { response } = await read();
    expect([response.statusCode, response.json().name]).toEqual([503, 'BROKER_NOT_AVAILABLE']);
    cluster.leaderOf = () => undefined;
    cluster.tell();
    expect((await read()).response.json().name).toBe('LEADER_NOT_AVAILABLE');
  });

  it('waits for the first record of any partition', async () => {
    const { cluster, read } = await filledDoor(['a'], ['b'], ['c']);
    const { next } = await read();
    const waiting = read(`offset=${next}&wait=20000`);
    while (cluster.partition('t', 2).waitingFetches === 0) await new Promise(setImmediate);
    append(cluster, 2, 'c1');
    expect((await waiting).values).toEqual(['c1']);
    expect((await read(`offset=${next}&limit=1&wait=20`)).values).toEqual(['c1']);
  });

  it('refuses positions that are none, of another topic, and of more partitions than there are', async () => {
    const { cluster, read } = await filledDoor(['a'], ['b']);
    const { next } = await read();
    for (const query of [
      'offset=12',
      'offset=-1',
      'offset=x%20y',
      'offset=',
      `offset=${next}A`,
      `offset=${next}&tail=1`,
    ]) {
      const { response } = await read(query);
      expect([response.statusCode, response.json()]).toEqual([
        400,
        { code: 42, name: 'INVALID_REQUEST', message: expect.any(String) },
      ]);
    }
    cluster.removeTopic('t');
    cluster.addTopic('t', 2);
    const { response } = await read(`offset=${next}`);
    expect(response.json().message).toContain('another one, or of one deleted since');
    const other = (await read()).next;
    cluster.topics.get('t')?.partitions.pop();
    cluster.tell();
    expect((await read(`offset=${other}`)).response.json().message).toContain('but t has fewer');
  });

  it('says where an offset is in the log no longer', async () => {
    const { cluster, read } = await filledDoor(many('a', 3), ['b']);
    const { next } = await read('limit=2');
    cluster.partition('t', 0).startOffset = 2;
    const { response } = await read(`offset=${next}`);
    expect([response.statusCode, response.json().name]).toEqual([416, 'OFFSET_OUT_OF_RANGE']);
  });

  it('refuses a topic of too many partitions, and types that it does not have', async () => {
    const { cluster, send } = await testDoor({ partitionsPerRead: 2 });
    cluster.addTopic('t', 3);
    expect((await send({ url: RECORDS })).json().message).toContain('only 2 are read at once');
    const bytes = await send({ url: RECORDS, headers: { accept: 'application/octet-stream' } });
    expect(bytes.statusCode).toBe(406);
    expect((await send({ url: '/v1/topics/x/records' })).statusCode).toBe(404);
  });

  it('gives an array to who asks for JSON', async () => {
    const { send } = await filledDoor(['a'], ['b']);
    const response = await send({ url: RECORDS, headers: { accept: 'application/json' } });
    expect(response.json()).toMatchObject([
      { partition: 0, value: 'a' },
      { partition: 1, value: 'b' },
    ]);
  });
});
