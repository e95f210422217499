import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { murmur2 } from '../../../src/rest/produce/murmur2.ts';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { testDoor } from '../support/test-door.ts';

const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
const RECORDS = '/v1/topics/t/partitions/0/records';

const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
  ({ method: 'POST', url, payload, headers }) as const;

const values = (cluster: MemoryCluster, partition = 0) =>
  cluster.partition('t', partition).records.map(({ value }) => value?.toString() ?? null);

const failedProduce = (errorCode: number) => ({
  throttleTimeMs: 0,
  responses: [
    {
      name: 't',
      partitionResponses: [{ index: 0, errorCode, baseOffset: -1n, logStartOffset: -1n, recordErrors: [] }],
    },
  ],
});

const produced = (cluster: MemoryCluster) => cluster.asked.filter(({ api }) => api === 'Produce');

describe('POST /v1/topics/{topic}/records', () => {
  it('takes what curl sends when it is told nothing, as bytes', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await send(post('/v1/topics/t/records', 'hello=1&x', headers));
    expect(response.json()).toEqual([{ partition: 0, offset: 0, timestamp: expect.any(Number) }]);
    expect(values(cluster)).toEqual(['hello=1&x']);
  });

  it('takes one JSON value, an array of many, lines, text and bytes', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const bytes = Buffer.from([0xff, 0x00, 0x0a]);
    await send(post('/v1/topics/t/records', '{"a":1.10}', { 'content-type': 'application/json; charset=utf-8' }));
    const many = await send(post('/v1/topics/t/records', '[1, [2], null]', JSON_TYPE));
    await send(post('/v1/topics/t/records', '{"l":1}\r\n\n"two"\n', NDJSON));
    await send(post('/v1/topics/t/records', 'some\ntext', { 'content-type': 'text/plain' }));
    await send(post('/v1/topics/t/records', bytes, { 'content-type': 'application/octet-stream' }));
    expect(many.json().map(({ offset }: { offset: number }) => offset)).toEqual([1, 2, 3]);
    expect(values(cluster)).toEqual([
      '{"a":1.10}',
      '1',
      '[2]',
      'null',
      '{"l":1}',
      '"two"',
      'some\ntext',
      bytes.toString(),
    ]);
    expect(cluster.partition('t').records.at(-1)?.value).toEqual(bytes);
  });

  it('takes key and headers from HTTP, byte for byte', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const headers = { 'record-key': 'k\u00e9', 'record-header-Trace-Id': 'abc', 'record-header-b': '' };
    await send(post('/v1/topics/t/records', 'v', headers));
    await send(post('/v1/topics/t/records?key=%C3%A9', 'v'));
    const [first, second] = cluster.partition('t').records;
    expect(first?.key).toEqual(Buffer.from([0x6b, 0xe9]));
    expect(first?.headers).toEqual([
      { key: 'trace-id', value: Buffer.from('abc') },
      { key: 'b', value: Buffer.alloc(0) },
    ]);
    expect(second?.key).toEqual(Buffer.from('é'));
  });

  it('takes whole records with their keys, headers, timestamps and partitions', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 3);
    const lines = [
      '{"value":"text","key":"k","timestamp":1000,"partition":2,"headers":[{"key":"h","value":null}],"offset":7}',
      '{"value":{"n":12345678901234567890.10},"partition":2}',
      '{"value":"text","valueEncoding":"json","partition":2}',
      '{"value":null,"partition":2}',
      '{"value":null,"valueEncoding":"json","partition":2}',
      '{"value":"/wA=","valueEncoding":"base64","key":"AA==","keyEncoding":"base64","partition":2}',
    ];
    const headers = { 'content-type': 'application/vnd.barnabas.records+x-ndjson' };
    const response = await send(post('/v1/topics/t/records', lines.join('\n'), headers));
    expect(response.json()[0]).toEqual({ partition: 2, offset: 0, timestamp: 1000 });
    expect(cluster.partition('t', 2).records[0]).toMatchObject({
      timestamp: 1000,
      key: Buffer.from('k'),
      headers: [{ key: 'h', value: null }],
    });
    expect(values(cluster, 2)).toEqual(['text', '{"n":12345678901234567890.10}', '"text"', null, 'null', '\ufffd\0']);

    const array = { 'content-type': 'application/vnd.barnabas.records+json' };
    await send(post('/v1/topics/t/partitions/1/records', `[${lines[0]},${lines[1]}]`, array));
    expect(values(cluster, 1)).toEqual(['text', '{"n":12345678901234567890.10}']);
  });

  it('puts a key where Kafka puts it, and spreads what has none', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 4);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const [answer] = (await send(post(`/v1/topics/t/records?key=${key}`, 'v'))).json();
      expect(answer.partition).toBe((murmur2(Buffer.from(key)) & 0x7fffffff) % 4);
    }
    const spread = new Set<number>();
    for (let i = 0; i < 4; i += 1) {
      const answers = (await send(post('/v1/topics/t/records', '[1,2,3]', JSON_TYPE))).json();
      expect(new Set(answers.map(({ partition }: { partition: number }) => partition)).size).toBe(1);
      spread.add(answers[0].partition);
    }
    expect(spread.size).toBe(4);
  });

  it('answers for each record in the order of the request, over several partitions', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 3);
    const lines = [0, 1, 2, 0, 1].map((partition, value) => JSON.stringify({ value, partition })).join('\n');
    const headers = { 'content-type': 'application/vnd.barnabas.records+x-ndjson' };
    const response = await send(post('/v1/topics/t/records', lines, headers));
    const answers = response
      .json()
      .map(({ partition, offset }: { partition: number; offset: number }) => [partition, offset]);
    expect(answers).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('cuts many records into batches that topics take, and smaller ones for a topic that takes less', async () => {
    const { cluster, send } = await testDoor({ batchBytes: 400 });
    cluster.addTopic('t');
    cluster.next('Produce', () => failedProduce(10));
    const body = `[${Array.from({ length: 20 }, (_, i) => `"${String(i).padStart(30, '0')}"`).join(',')}]`;
    const response = await send(post(RECORDS, body, JSON_TYPE));
    expect(response.json().map(({ offset }: { offset: number }) => offset)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(`[${values(cluster).join(',')}]`).toBe(body);
    expect(cluster.partition('t').batches.length).toBeGreaterThan(4);
  });

  it('passes acks on', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    for (const acks of ['all', '-1', '1', '0']) await send(post(`${RECORDS}?acks=${acks}`, 'v'));
    await send(post(RECORDS, 'v'));
    expect(produced(cluster).map(({ request }) => (request as { acks: number }).acks)).toEqual([-1, -1, 1, 0, -1]);
  });
});

describe('produce, where the leader does not answer as hoped', () => {
  it('goes to the new leader where nothing was appended', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    cluster.next('Produce', () => {
      cluster.leaderOf = () => cluster.image.controllerId;
      setImmediate(() => cluster.tell());
      return failedProduce(6);
    });
    cluster.next('Produce', () => {
      throw new PeerError('refused', 'unreachable', 'broker 1 cannot be reached');
    });
    const response = await send(post(RECORDS, 'v'));
    expect([response.statusCode, values(cluster)]).toEqual([200, ['v']]);
    expect(produced(cluster).length).toBe(3);
  });

  it('waits for a leader, and says so where none comes in time', async () => {
    const { cluster, send } = await testDoor();
    cluster.leaderOf = () => undefined;
    cluster.addTopic('t');
    const response = await send(post(`${RECORDS}?timeout=30`, 'v'));
    expect([response.statusCode, response.json().name]).toEqual([503, 'LEADER_NOT_AVAILABLE']);
    expect(response.headers['retry-after']).toBe('1');
    expect(produced(cluster).length).toBe(0);
  });

  it('never repeats what may have been appended: the client is told that nobody knows (rule 7)', async () => {
    const unknown = new PeerError('unknown', 'disconnected', 'the connection to broker 1 broke');
    const late = new PeerError('unknown', 'deadline', 'broker 1 has not answered');
    const outcomes: [() => unknown, number, string][] = [
      [() => Promise.reject(unknown), 502, 'NETWORK_EXCEPTION'],
      [() => Promise.reject(late), 504, 'REQUEST_TIMED_OUT'],
      [() => failedProduce(7), 504, 'REQUEST_TIMED_OUT'],
      [() => failedProduce(20), 504, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
      [() => failedProduce(-1), 500, 'UNKNOWN_SERVER_ERROR'],
    ];
    for (const [outcome, status, name] of outcomes) {
      const { cluster, send } = await testDoor();
      cluster.addTopic('t');
      cluster.next('Produce', outcome);
      const response = await send(post(RECORDS, 'v'));
      expect([response.statusCode, response.json().name]).toEqual([status, name]);
      expect(response.json().message).toContain('not known whether');
      expect(produced(cluster).length).toBe(1);
    }
  });

  it('says what became of each record where some were appended, with a status that does not invite to repeat all', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    const lines = [0, 1].map((partition) => JSON.stringify({ value: partition, partition })).join('\n');
    cluster.next('Produce', () => failedProduce(19));
    const headers = { 'content-type': 'application/vnd.barnabas.records+x-ndjson' };
    const response = await send(post('/v1/topics/t/records', lines, headers));
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({
      code: 19,
      name: 'NOT_ENOUGH_REPLICAS',
      records: [
        { partition: 0, code: 19, name: 'NOT_ENOUGH_REPLICAS' },
        { partition: 1, offset: 0 },
      ],
    });
  });

  it('sends nothing of a partition after a batch of it has failed', async () => {
    const { cluster, send } = await testDoor({ batchBytes: 100 });
    cluster.addTopic('t');
    cluster.next('Produce', () => undefined);
    cluster.next('Produce', () => failedProduce(19));
    const body = `[${Array.from({ length: 6 }, () => `"${'v'.repeat(30)}"`).join(',')}]`;
    const response = await send(post(RECORDS, body, JSON_TYPE));
    const names = response.json().records.map(({ name = 'appended' }: { name?: string }) => name);
    expect(names.slice(0, 3)).toEqual(['appended', 'NOT_ENOUGH_REPLICAS', 'OPERATION_NOT_ATTEMPTED']);
    expect(values(cluster).length).toBe(1);
  });

  it('does not write to another topic of the same name', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    cluster.next('Produce', () => {
      cluster.removeTopic('t');
      cluster.addTopic('t');
      return failedProduce(6);
    });
    const response = await send(post(RECORDS, 'v'));
    expect([response.statusCode, response.json().name]).toEqual([404, 'UNKNOWN_TOPIC_OR_PARTITION']);
    expect(values(cluster)).toEqual([]);
  });
});

describe('idempotent produce', () => {
  const sequenced = (sequence: number) => ({
    'producer-id': '4711',
    'producer-epoch': '0',
    'producer-seq': String(sequence),
  });

  it('gives ids', async () => {
    const { send } = await testDoor();
    const response = await send({ method: 'POST', url: '/v1/producers' });
    expect(response.json()).toEqual({ producerId: 4711, producerEpoch: 0 });
  });

  it('answers a duplicate as it did at first, and refuses a gap with 409', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const first = await send(post(RECORDS, '[1,2]', { ...JSON_TYPE, ...sequenced(0) }));
    const again = await send(post(RECORDS, '[1,2]', { ...JSON_TYPE, ...sequenced(0) }));
    const offsets = (response: typeof first) => response.json().map(({ offset }: { offset: number }) => offset);
    expect([again.statusCode, offsets(again)]).toEqual([200, offsets(first)]);
    expect(
      (await send(post('/v1/topics/t/records?partition=0', '3', { ...JSON_TYPE, ...sequenced(2) }))).statusCode,
    ).toBe(200);
    const gap = await send(post(RECORDS, '9', { ...JSON_TYPE, ...sequenced(9) }));
    expect([gap.statusCode, gap.json().name]).toEqual([409, 'OUT_OF_ORDER_SEQUENCE_NUMBER']);
    expect(values(cluster)).toEqual(['1', '2', '3']);
  });

  it('refuses what does not fit into one batch', async () => {
    const { cluster, send } = await testDoor({ batchBytes: 100 });
    cluster.addTopic('t');
    const response = await send(post(RECORDS, '[1,2,3,4,5]', { ...JSON_TYPE, ...sequenced(0) }));
    expect([response.statusCode, response.json().name]).toEqual([413, 'MESSAGE_TOO_LARGE']);
    expect(produced(cluster).length).toBe(0);
  });
});

describe('If-Match', () => {
  it('appends where the partition has that next offset, and says the next one', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const first = await send(post(RECORDS, '[1,2]', { ...JSON_TYPE, 'if-match': '0' }));
    expect([first.statusCode, first.headers['next-offset']]).toEqual([200, '2']);
    const second = await send(post(RECORDS, '3', { ...JSON_TYPE, 'if-match': '"2"' }));
    expect([second.statusCode, second.headers['next-offset']]).toEqual([200, '3']);
    const third = await send(post('/v1/topics/t/records?partition=0', '4', { ...JSON_TYPE, 'if-match': '3' }));
    expect(third.statusCode).toBe(200);
  });

  it('is 412 where the partition has another, and nothing is appended', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    await send(post(RECORDS, 'x'));
    for (const offset of ['0', '2', '9007199254740991']) {
      const response = await send(post(RECORDS, '[1,2]', { ...JSON_TYPE, 'if-match': offset }));
      expect([response.statusCode, response.json()]).toMatchObject([412, { code: 1, name: 'OFFSET_OUT_OF_RANGE' }]);
      expect(response.headers['next-offset']).toBeUndefined();
    }
    expect(values(cluster)).toEqual(['x']);
  });

  it('is refused where it is no offset, or the request is for several partitions or batches', async () => {
    const { cluster, send } = await testDoor({ batchBytes: 200 });
    cluster.addTopic('t', 2);
    for (const wrong of ['*', '-1', '1.5', '"1', 'W/"1"', '1, 2', '', '9007199254740993']) {
      const response = await send(post(RECORDS, 'x', { 'if-match': wrong }));
      expect([wrong, response.statusCode]).toEqual([wrong, 400]);
    }
    const anywhere = await send(post('/v1/topics/t/records', 'x', { 'if-match': '0' }));
    expect(anywhere.json().message).toContain('that of one partition: say which');
    const large = JSON.stringify(['a'.repeat(150), 'b'.repeat(150)]);
    const many = await send(post(RECORDS, large, { ...JSON_TYPE, 'if-match': '0' }));
    expect([many.statusCode, many.json().name]).toEqual([413, 'MESSAGE_TOO_LARGE']);
    expect(produced(cluster)).toEqual([]);
  });
});

describe('Next-Offset', () => {
  it('is told of records of one partition, and not of those of several', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    expect((await send(post(RECORDS, '[1,2,3]', JSON_TYPE))).headers['next-offset']).toBe('3');
    const several = '{"value":1,"partition":0}\n{"value":1,"partition":1}';
    const type = { 'content-type': 'application/vnd.barnabas.records+x-ndjson' };
    expect((await send(post('/v1/topics/t/records', several, type))).headers['next-offset']).toBeUndefined();
  });
});
