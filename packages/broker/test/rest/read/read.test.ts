import { brokerId, producerId } from '@barnabas/model';
import { buildBatch, buildEndTransactionMarker, type Codec } from '@barnabas/protocol';
import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { testDoor } from '../support/test-door.ts';

const RECORDS = '/v1/topics/t/partitions/0/records';

/** Appends a batch of text values, of which the first has the timestamp `timestamp`, the next one more, and so on. */
const fill = (cluster: MemoryCluster, texts: readonly string[], timestamp = 1_000, codec: Codec = 'none') => {
  const records = texts.map((text, i) => ({ key: null, value: Buffer.from(text), timestamp: timestamp + i }));
  cluster.partition('t').append(buildBatch({ records, codec }));
};

const filledDoor = async (...batches: string[][]) => {
  const door = await testDoor();
  door.cluster.addTopic('t');
  for (const [i, texts] of batches.entries()) fill(door.cluster, texts, 1_000 * (i + 1));
  return door;
};

type Line = { offset: number; value: unknown };
const lines = (body: string): Line[] =>
  body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const valuesOf = (body: string) => lines(body).map(({ value }) => value);

const failedFetch = (errorCode: number) => ({
  throttleTimeMs: 0,
  errorCode: 0,
  responses: [
    {
      topic: 't',
      topicId: 'A'.repeat(22),
      partitions: [{ partitionIndex: 0, errorCode, highWatermark: -1n, abortedTransactions: null, records: null }],
    },
  ],
});

describe('GET records of a partition', () => {
  it('begins at the beginning, one record on each line, and says where to go on', async () => {
    const { send } = await filledDoor(['a', 'b'], ['c']);
    const response = await send({ url: RECORDS });
    expect(lines(response.body)[0]).toEqual({
      partition: 0,
      offset: 0,
      timestamp: 1000,
      key: null,
      value: 'a',
      headers: [],
    });
    expect(valuesOf(response.body)).toEqual(['a', 'b', 'c']);
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'next-offset': '3',
      'high-watermark': '3',
    });
  });

  it('says where it has reached the end', async () => {
    const { send } = await filledDoor(['a', 'b'], ['c']);
    const upToDate = async (query: string) => (await send({ url: `${RECORDS}?${query}` })).headers['up-to-date'];
    expect([await upToDate(''), await upToDate('offset=3'), await upToDate('limit=2')]).toEqual([
      'true',
      'true',
      undefined,
    ]);
  });

  it('gives bytes to who asks for them: each value after its length', async () => {
    const { cluster, send } = await filledDoor(['a', 'bcd']);
    const record = { key: Buffer.from('k'), value: null, timestamp: 0 };
    cluster.partition('t').append(buildBatch({ records: [record, { ...record, value: Buffer.from([0xff, 0]) }] }));
    const response = await send({ url: RECORDS, headers: { accept: 'application/octet-stream' } });
    expect(response.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'next-offset': '4' });
    expect(response.rawPayload.toString('latin1')).toBe('\0\0\0\x01a\0\0\0\x03bcd\xff\xff\xff\xff\0\0\0\x02\xff\0');
    const nothing = await send({ url: `${RECORDS}?offset=4`, headers: { accept: 'application/octet-stream' } });
    expect([nothing.statusCode, nothing.rawPayload.length]).toEqual([200, 0]);
  });

  it('begins at an offset in the middle of a batch, at a timestamp, or before the end', async () => {
    const { send } = await filledDoor(['a', 'b', 'c'], ['d', 'e']);
    const read = async (query: string) => valuesOf((await send({ url: `${RECORDS}?${query}` })).body);
    expect(await read('offset=1')).toEqual(['b', 'c', 'd', 'e']);
    expect(await read('offset=earliest&limit=1')).toEqual(['a']);
    expect(await read('offset=latest')).toEqual([]);
    expect(await read('timestamp=1002')).toEqual(['c', 'd', 'e']);
    expect(await read('timestamp=99999')).toEqual([]);
    expect(await read('tail=2')).toEqual(['d', 'e']);
    expect(await read('tail=100')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('reads on over the limits of one fetch, and keeps to its own', async () => {
    const { cluster, send } = await filledDoor(['a', 'b', 'c'], ['d', 'e'], ['f']);
    cluster.next('Fetch', () => ({
      ...failedFetch(0),
      responses: [
        {
          topic: 't',
          topicId: cluster.topics.get('t')?.topicId ?? '',
          partitions: [
            {
              partitionIndex: 0,
              errorCode: 0,
              highWatermark: 6n,
              abortedTransactions: null,
              records: cluster.partition('t').batches[0] ?? null,
            },
          ],
        },
      ],
    }));
    const limited = await send({ url: `${RECORDS}?limit=5` });
    expect(valuesOf(limited.body)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(limited.headers['next-offset']).toBe('5');
  });

  it('gives one record whatever its size, and otherwise keeps to the bytes', async () => {
    const { send } = await filledDoor(['long value', 'x', 'y'], ['z']);
    const read = async (bytes: number, offset: number) => {
      const response = await send({ url: `${RECORDS}?offset=${offset}&bytes=${bytes}` });
      return [valuesOf(response.body), response.headers['next-offset']];
    };
    expect(await read(3, 0)).toEqual([['long value'], '1']);
    expect(await read(2, 1)).toEqual([['x', 'y'], '3']);
    expect(await read(3, 1)).toEqual([['x', 'y', 'z'], '4']);
  });

  it('is an array of JSON for those who ask for it', async () => {
    const { send } = await filledDoor(['{"a":1}', 'b']);
    const response = await send({ url: RECORDS, headers: { accept: 'text/html, application/json;q=0.9' } });
    expect(response.json().map(({ value }: Line) => value)).toEqual([{ a: 1 }, 'b']);
  });

  it('tells text, JSON, bytes and nothing apart', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const values = ['x', '"x"', '12', ' 12', 'null', '{"a":1.0}', '', null].map((it) =>
      it === null ? null : Buffer.from(it),
    );
    const records = [...values, Buffer.from([0xff])].map((value) => ({ key: Buffer.from('12'), value, timestamp: 0 }));
    cluster.partition('t').append(buildBatch({ records }));
    const parts = (await send({ url: RECORDS })).body
      .split('\n')
      .slice(0, -1)
      .map((line) => /"key":"12",(.*),"headers":\[\]}$/.exec(line)?.[1]);
    expect(parts).toEqual([
      '"value":"x"',
      '"value":"x","valueEncoding":"json"',
      '"value":12',
      '"value":" 12"',
      '"value":null,"valueEncoding":"json"',
      '"value":{"a":1.0}',
      '"value":""',
      '"value":null',
      '"value":"/w==","valueEncoding":"base64"',
    ]);
  });

  it.each([
    'gzip',
    'snappy',
    'lz4',
    'zstd',
  ] as const)('reads batches compressed with %s, up to a bounded size', async (codec) => {
    const { cluster, send } = await testDoor({ decompressedBatchBytes: 10_000 });
    cluster.addTopic('t');
    fill(cluster, ['a', 'b'], 0, codec);
    fill(cluster, ['z'.repeat(20_000)], 0, codec);
    const small = await send({ url: `${RECORDS}?limit=2` });
    expect(valuesOf(small.body)).toEqual(['a', 'b']);
    const bomb = await send({ url: `${RECORDS}?offset=2` });
    expect([bomb.statusCode, bomb.json().name]).toEqual([413, 'MESSAGE_TOO_LARGE']);
  });

  it('leaves out markers always, and what was aborted for those who read committed records', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const partition = cluster.partition('t');
    const transactional = (text: string, id: number) =>
      buildBatch({
        records: [{ key: null, value: Buffer.from(text), timestamp: 0 }],
        ...{ producerId: producerId(id), producerEpoch: 0, baseSequence: 0, transactional: true },
      });
    const marker = (kind: 'abort' | 'commit', id: number) =>
      buildEndTransactionMarker({
        kind,
        producerId: producerId(id),
        producerEpoch: 0,
        coordinatorEpoch: 0,
        timestamp: 0,
      });
    partition.append(transactional('committed', 1));
    partition.append(transactional('aborted', 2));
    partition.append(marker('commit', 1));
    partition.append(marker('abort', 2));
    partition.append(transactional('committed later', 2));
    partition.append(marker('commit', 2));
    partition.abortedTransactions = [{ producerId: 2n, firstOffset: 1n }];

    const all = await send({ url: RECORDS });
    expect(valuesOf(all.body)).toEqual(['committed', 'aborted', 'committed later']);
    expect(all.headers['next-offset']).toBe('6');
    const committed = await send({ url: `${RECORDS}?isolation=read_committed` });
    expect(valuesOf(committed.body)).toEqual(['committed', 'committed later']);
  });

  it('asks the leader, and the next one where that leads no longer or cannot be reached', async () => {
    const { cluster, send } = await filledDoor(['a']);
    cluster.next('Fetch', () => {
      cluster.leaderOf = () => brokerId(3);
      setImmediate(() => cluster.tell());
      return failedFetch(6);
    });
    cluster.next('Fetch', () => {
      throw new PeerError('unknown', 'disconnected', 'the connection to broker 3 broke');
    });
    expect(valuesOf((await send({ url: `${RECORDS}?offset=0` })).body)).toEqual(['a']);
    expect(cluster.asked.map(({ broker }) => Number(broker))).toEqual([1, 3, 3]);
  });

  it('answers 416 for an offset that is not in the log, with where the log is', async () => {
    const { cluster, send } = await filledDoor(['a'], ['b']);
    cluster.partition('t').startOffset = 1;
    for (const offset of [0, 3]) {
      const response = await send({ url: `${RECORDS}?offset=${offset}` });
      expect(response.statusCode).toBe(416);
      expect(response.json()).toMatchObject({ code: 1, message: expect.stringContaining('from 1 to 2') });
    }
  });
});

describe('a read that waits', () => {
  it('answers as soon as something comes', async () => {
    const { cluster, send } = await filledDoor(['a']);
    const response = send({ url: `${RECORDS}?offset=1&wait=20000` });
    while (cluster.partition('t').waitingFetches === 0) await new Promise(setImmediate);
    fill(cluster, ['b']);
    expect(valuesOf((await response).body)).toEqual(['b']);
  });

  it('answers nothing after its time, and does not wait for more than the first', async () => {
    const { send } = await filledDoor(['a']);
    const empty = await send({ url: `${RECORDS}?offset=1&wait=30` });
    expect([empty.statusCode, empty.body, empty.headers['next-offset']]).toEqual([200, '', '1']);
    const some = await send({ url: `${RECORDS}?offset=0&limit=10&wait=20000` });
    expect(valuesOf(some.body)).toEqual(['a']);
  });

  it('is refused where too many wait', async () => {
    const { cluster, send } = await testDoor({ waitingReaders: 1 });
    cluster.addTopic('t');
    const first = send({ url: `${RECORDS}?wait=20000` });
    while (cluster.partition('t').waitingFetches === 0) await new Promise(setImmediate);
    const second = await send({ url: `${RECORDS}?wait=20000` });
    expect([second.statusCode, second.json().name, second.headers['retry-after']]).toEqual([
      429,
      'THROTTLING_QUOTA_EXCEEDED',
      '1',
    ]);
    fill(cluster, ['a']);
    await first;
    expect((await send({ url: `${RECORDS}?wait=20000` })).statusCode).toBe(200);
  });

  it('waits for its turn at a leader elsewhere, so that followers have room there', async () => {
    const { cluster, send } = await testDoor({ remoteFetchesPerBroker: 2, contendedWaitMs: 20 });
    cluster.addTopic('t');
    const reads = Array.from({ length: 5 }, () => send({ url: `${RECORDS}?wait=20000` }));
    let most = 0;
    while (cluster.asked.filter(({ api }) => api === 'Fetch').length < 8) {
      most = Math.max(most, cluster.partition('t').waitingFetches);
      await new Promise(setImmediate);
    }
    expect(most).toBe(2);
    fill(cluster, ['a']);
    for (const read of reads) expect(valuesOf((await read).body)).toEqual(['a']);
  });
});
