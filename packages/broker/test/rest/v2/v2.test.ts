import { describe, expect, it } from 'vitest';
import type { MemoryCluster } from '../support/memory-cluster.ts';
import { testDoor } from '../support/test-door.ts';

const JSON_TYPE = 'application/vnd.kafka.json.v2+json';
const BINARY_TYPE = 'application/vnd.kafka.binary.v2+json';

const post = (url: string, payload: string, type: string) =>
  ({ method: 'POST', url, payload, headers: { 'content-type': type } }) as const;

const records = (cluster: MemoryCluster, partition = 0) =>
  cluster
    .partition('t', partition)
    .records.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]);

describe('the v2 of the REST Proxy', () => {
  it('lists topics and describes one', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 1, { 'retention.ms': '1' }, 2);
    const list = await send({ url: '/topics', headers: { accept: 'application/vnd.kafka.v2+json' } });
    expect([list.json(), list.headers['content-type']]).toEqual([['t'], 'application/vnd.kafka.v2+json']);
    expect((await send({ url: '/topics/t/' })).json()).toEqual({
      name: 't',
      configs: { 'retention.bytes': '-1', 'retention.ms': '1' },
      partitions: [
        {
          partition: 0,
          leader: 1,
          replicas: [
            { broker: 1, leader: true, in_sync: true },
            { broker: 2, leader: false, in_sync: true },
          ],
        },
      ],
    });
  });

  it('takes JSON, kept as it is written', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    const body =
      '{"records":[{"key":{"id":1.0},"value":12345678901234567890,"partition":1},{"value":null,"partition":1}]}';
    const response = await send(post('/topics/t', body, JSON_TYPE));
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/vnd.kafka.v2+json');
    expect(response.json()).toEqual({
      offsets: [
        { partition: 1, offset: 0, error_code: null, error: null },
        { partition: 1, offset: 1, error_code: null, error: null },
      ],
      key_schema_id: null,
      value_schema_id: null,
    });
    expect(records(cluster, 1)).toEqual([
      ['{"id":1.0}', '12345678901234567890'],
      [null, null],
    ]);
  });

  it('takes base64, also where the type names no format', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const body = '{"records":[{"key":"aw==","value":"dg=="}]}';
    for (const type of [BINARY_TYPE, 'application/vnd.kafka.v2+json', 'application/vnd.kafka.binary.v1+json']) {
      expect((await send(post('/topics/t/partitions/0', body, type))).statusCode).toBe(200);
    }
    expect(records(cluster)).toEqual([
      ['k', 'v'],
      ['k', 'v'],
      ['k', 'v'],
    ]);
  });

  it.each([
    ['an unknown topic', '/topics/none', '{"records":[{"value":1}]}', JSON_TYPE, 404, 40401],
    ['an unknown topic before what is wrong with the body', '/topics/none', '{', JSON_TYPE, 404, 40401],
    ['an unknown partition', '/topics/t/partitions/7', '{"records":[{"value":1}]}', JSON_TYPE, 404, 40402],
    ['a record of an unknown partition', '/topics/t', '{"records":[{"value":1,"partition":7}]}', JSON_TYPE, 404, 40402],
    ['no records', '/topics/t', '{"records":[]}', JSON_TYPE, 422, 422],
    ['nothing', '/topics/t', '{}', JSON_TYPE, 422, 422],
    [
      'another partition than the URL',
      '/topics/t/partitions/0',
      '{"records":[{"value":1,"partition":1}]}',
      JSON_TYPE,
      422,
      422,
    ],
    ['broken JSON', '/topics/t', '{"records":[', JSON_TYPE, 400, 400],
    ['another shape', '/topics/t', '{"records":{}}', JSON_TYPE, 400, 400],
    ['base64 that is none', '/topics/t', '{"records":[{"value":"?"}]}', BINARY_TYPE, 400, 400],
    ['v3', '/topics/t', '{}', 'application/vnd.kafka.json.v3+json', 415, 415],
    ['Avro', '/topics/t', '{}', 'application/vnd.kafka.avro.v2+json', 415, 415],
    ['a topic that cannot be', '/topics/a%2fb', '{"records":[{"value":1}]}', JSON_TYPE, 400, 400],
  ])('answers %s with its own codes', async (_, url, body, type, status, code) => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    const response = await send(post(url, body, type));
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({ error_code: code, message: expect.any(String) });
    expect(records(cluster)).toEqual([]);
  });

  it('answers 200 with what failed where something was appended, and an error where nothing was', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    const failed = () => ({
      throttleTimeMs: 0,
      responses: [
        {
          name: 't',
          partitionResponses: [{ index: 0, errorCode: 19, baseOffset: -1n, logStartOffset: -1n, recordErrors: [] }],
        },
      ],
    });
    cluster.next('Produce', failed);
    const some = await send(
      post('/topics/t', '{"records":[{"value":1,"partition":0},{"value":2,"partition":1}]}', JSON_TYPE),
    );
    expect(some.statusCode).toBe(200);
    expect(some.json().offsets).toEqual([
      { partition: null, offset: null, error_code: 50003, error: expect.any(String) },
      { partition: 1, offset: 0, error_code: null, error: null },
    ]);
    cluster.next('Produce', failed);
    const none = await send(post('/topics/t/partitions/0', '{"records":[{"value":1}]}', JSON_TYPE));
    expect([none.statusCode, none.json().error_code]).toEqual([503, 50003]);
  });

  it('answers in its own shape also where there is nothing, and to other methods', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    const nothing = await send({ url: '/topics/t/partitions/0/nothing' });
    expect([nothing.statusCode, nothing.json()]).toEqual([404, { error_code: 404, message: expect.any(String) }]);
    for (const url of ['/consumers/g', '/brokers']) {
      const missing = await send({ method: 'POST', url });
      expect(missing.json()).toEqual({ error_code: 404, message: expect.any(String) });
    }
    for (const url of ['/topics', '/topics?x=1', '/topics/t/', '/topics/t/partitions/0']) {
      const response = await send({ method: 'DELETE', url });
      expect([response.statusCode, response.json()]).toEqual([405, { error_code: 405, message: expect.any(String) }]);
      expect(response.headers['content-type']).toBe('application/vnd.kafka.v2+json');
      expect(response.headers.allow).not.toContain('DELETE');
    }
    expect((await send({ url: '/topicsx' })).json()).toMatchObject({ code: 42 });
  });
});
