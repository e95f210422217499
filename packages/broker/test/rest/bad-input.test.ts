import { ERRORS, type ErrorName } from '@barnabas/model';
import type { InjectOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restApp } from '../../src/rest/rest-server.ts';
import { MemoryCluster } from './support/memory-cluster.ts';
import { optionsFor } from './support/test-door.ts';

type Case = readonly [what: string, request: InjectOptions, status: number, name: ErrorName, message: RegExp];

const JSON_TYPE = { 'content-type': 'application/json' };
const STRUCTURED = { 'content-type': 'application/vnd.barnabas.records+json' };
const RECORDS = '/v1/topics/t/partitions/0/records';

const get = (url: string, headers = {}): InjectOptions => ({ url, headers });
const put = (topic: string, payload: object | string): InjectOptions => ({
  method: 'PUT',
  url: `/v1/topics/${topic}`,
  headers: JSON_TYPE,
  payload,
});
const post = (url: string, payload: string | Buffer, headers: Record<string, string> = JSON_TYPE): InjectOptions => ({
  method: 'POST',
  url,
  payload,
  headers,
});
const record = (fields: string): InjectOptions => post(RECORDS, `{${fields}}`, STRUCTURED);

const CASES: readonly Case[] = [
  ['no such route', get('/v2/topics'), 404, 'INVALID_REQUEST', /there is no GET \/v2\/topics/],
  [
    'a method that a route does not take',
    { method: 'PATCH', url: '/v1/topics/t' },
    405,
    'INVALID_REQUEST',
    /GET, .*PUT/,
  ],
  ['a preflight request', { method: 'OPTIONS', url: RECORDS }, 405, 'INVALID_REQUEST', /none of what/],
  [
    'a topic with 250 characters',
    put('a'.repeat(250), {}),
    400,
    'INVALID_TOPIC_EXCEPTION',
    /topic in the path.* 1 to 249/,
  ],
  [
    'a topic of which the router does not take the name',
    put('a'.repeat(5000), {}),
    414,
    'INVALID_REQUEST',
    /^.{1,200}$/,
  ],
  ['a topic with a slash', put('a%2fb', {}), 400, 'INVALID_TOPIC_EXCEPTION', /topic/],
  ['a topic with a NUL', put('a%00', {}), 400, 'INVALID_TOPIC_EXCEPTION', /topic/],
  ['a topic in overlong UTF-8', put('%c0%ae%c0%ae', {}), 400, 'INVALID_REQUEST', /./],
  ['no partitions', put('new', { partitions: 0 }), 400, 'INVALID_PARTITIONS', />= 1/],
  ['half a partition', put('new', { partitions: 1.5 }), 400, 'INVALID_PARTITIONS', /integer/],
  ['more partitions than an int32', put('new', { partitions: 2 ** 31 }), 400, 'INVALID_PARTITIONS', /<=/],
  ['partitions in a string', put('new', { partitions: '3' }), 400, 'INVALID_PARTITIONS', /a number, not "3"/],
  ['partitions that are true', put('new', { partitions: true }), 400, 'INVALID_PARTITIONS', /a number/],
  ['partitions of null', put('new', { partitions: null }), 400, 'INVALID_PARTITIONS', /a number/],
  ['a topic of null', put('new', 'null'), 400, 'INVALID_REQUEST', /an object/],
  ['configs of null', put('new', { configs: null }), 400, 'INVALID_CONFIG', /an object/],
  ['a config of null', put('new', { configs: { 'flush.ms': null } }), 400, 'INVALID_CONFIG', /flush\.ms.*a string/],
  [
    'a config whose number loses digits',
    put('new', '{"configs":{"retention.ms":9223372036854775807}}'),
    400,
    'INVALID_CONFIG',
    /as a string/,
  ],
  ['a topic nested too deep', put('new', '['.repeat(20_000) + ']'.repeat(20_000)), 400, 'INVALID_REQUEST', /too deep/],
  ['a topic that is too large', put('new', `{"a":"${'x'.repeat(70_000)}"}`), 413, 'MESSAGE_TOO_LARGE', /65536 bytes/],
  ['no replicas', put('new', { replicationFactor: 0 }), 400, 'INVALID_REPLICATION_FACTOR', />= 1/],
  ['a config that is an object', put('new', { configs: { a: {} } }), 400, 'INVALID_CONFIG', /^a: .*a string/],
  ['an unknown field', put('new', { partition: 1 }), 400, 'INVALID_REQUEST', /no field partition/],
  ['an array for a topic', put('new', []), 400, 'INVALID_REQUEST', /object/],
  ['broken JSON for a topic', put('new', '{"partitions": 1'), 400, 'INVALID_REQUEST', /no JSON/],
  ['a poisoned name', put('new', '{"configs":{"__proto__":"1"}}'), 400, 'INVALID_REQUEST', /__proto__/],
  ['an unknown topic', get('/v1/topics/none'), 404, 'UNKNOWN_TOPIC_OR_PARTITION', /no topic none/],
  ['deleting an unknown topic', { method: 'DELETE', url: '/v1/topics/none' }, 404, 'UNKNOWN_TOPIC_OR_PARTITION', /./],
  ['a read of an unknown partition', get('/v1/topics/t/partitions/9/records'), 404, 'UNKNOWN_TOPIC_OR_PARTITION', /9/],
  ['a partition that is no number', get('/v1/topics/t/partitions/x/records'), 400, 'INVALID_REQUEST', /partition/],
  ['a negative partition', get('/v1/topics/t/partitions/-1/records'), 400, 'INVALID_REQUEST', /partition/],
  ['two starts', get(`${RECORDS}?offset=1&tail=2`), 400, 'INVALID_REQUEST', /only one/],
  [
    'an offset that is none',
    get(`${RECORDS}?offset=first`),
    400,
    'INVALID_REQUEST',
    /^offset in the query must be integer or "earliest" or "latest"$/,
  ],
  ['an offset beyond 2^53', get(`${RECORDS}?offset=9007199254740993`), 400, 'INVALID_REQUEST', /offset/],
  ['a limit of none', get(`${RECORDS}?limit=0`), 400, 'INVALID_REQUEST', /limit/],
  ['a wait of an hour', get(`${RECORDS}?wait=3600000`), 400, 'INVALID_REQUEST', /wait/],
  ['a misspelt parameter', get(`${RECORDS}?ofset=1`), 400, 'INVALID_REQUEST', /no field ofset/],
  ['a type that records do not come in', get(RECORDS, { accept: 'image/png' }), 406, 'INVALID_REQUEST', /x-ndjson/],
  [
    'a last event that is none',
    get(RECORDS, { accept: 'text/event-stream', 'last-event-id': 'x' }),
    400,
    'INVALID_REQUEST',
    /last-event-id/,
  ],
  ['records for an unknown topic', post('/v1/topics/none/records', '1'), 404, 'UNKNOWN_TOPIC_OR_PARTITION', /none/],
  [
    'records for an unknown partition',
    post(`${RECORDS.replace('/0/', '/9/')}`, '1'),
    404,
    'UNKNOWN_TOPIC_OR_PARTITION',
    /9/,
  ],
  ['broken JSON', post(RECORDS, '{"a":'), 400, 'INVALID_REQUEST', /ends too early at byte 5/],
  ['two JSON values', post(RECORDS, '1 2'), 400, 'INVALID_REQUEST', /after the value/],
  ['JSON that is not UTF-8', post(RECORDS, Buffer.from([0x22, 0xff, 0x22])), 400, 'INVALID_REQUEST', /UTF-8/],
  ['no JSON', post(RECORDS, ''), 400, 'INVALID_REQUEST', /./],
  ['an array of no records', post(RECORDS, '[]'), 400, 'INVALID_REQUEST', /no record/],
  ['JSON nested too deep', post(RECORDS, '['.repeat(200_000)), 400, 'INVALID_REQUEST', /deep/],
  ['more records than allowed', post(RECORDS, '[1,2,3,4,5,6,7,8,9,10,11]'), 413, 'MESSAGE_TOO_LARGE', /10 records/],
  ['a body that is too large', post(RECORDS, `"${'x'.repeat(300_000)}"`), 413, 'MESSAGE_TOO_LARGE', /262144 bytes/],
  [
    'a line that is no JSON',
    post(RECORDS, '1\n{\n2', { 'content-type': 'application/x-ndjson' }),
    400,
    'INVALID_REQUEST',
    /line 2/,
  ],
  [
    'text that is not UTF-8',
    post(RECORDS, Buffer.from([0xff]), { 'content-type': 'text/plain' }),
    400,
    'INVALID_REQUEST',
    /UTF-8/,
  ],
  [
    'text in Latin-1',
    post(RECORDS, 'a', { 'content-type': 'text/plain; charset=iso-8859-1' }),
    415,
    'INVALID_REQUEST',
    /iso-8859-1/,
  ],
  [
    'a type that is none of records',
    post(RECORDS, '<a/>', { 'content-type': 'application/xml' }),
    415,
    'INVALID_REQUEST',
    /application\/json/,
  ],
  [
    'a compressed body',
    post(RECORDS, 'x', { ...JSON_TYPE, 'content-encoding': 'gzip' }),
    415,
    'INVALID_REQUEST',
    /Content-Encoding/,
  ],
  ['acks that are none', post(`${RECORDS}?acks=2`, '1'), 400, 'INVALID_REQUIRED_ACKS', /acks/],
  ['two keys', post(`${RECORDS}?key=a`, '1', { ...JSON_TYPE, 'record-key': 'b' }), 400, 'INVALID_REQUEST', /key/],
  ['a record without a value', record('"key":"a"'), 400, 'INVALID_REQUEST', /tombstone/],
  ['a record with an unknown field', record('"value":1,"vlaue":2'), 400, 'INVALID_REQUEST', /vlaue/],
  ['base64 that is none', record('"value":"a?==","valueEncoding":"base64"'), 400, 'INVALID_REQUEST', /not base64/],
  ['base64 without its padding', record('"value":"YQ","valueEncoding":"base64"'), 400, 'INVALID_REQUEST', /not base64/],
  ['an encoding that is none', record('"value":"a","valueEncoding":"hex"'), 400, 'INVALID_REQUEST', /"text"/],
  ['half a surrogate pair', record('"value":"\\ud83d"'), 400, 'INVALID_REQUEST', /surrogate/],
  ['headers that are none', record('"value":1,"headers":{"a":"b"}'), 400, 'INVALID_REQUEST', /array/],
  ['a header without a key', record('"value":1,"headers":[{"value":"b"}]'), 400, 'INVALID_REQUEST', /"key"/],
  ['a timestamp that is none', record('"value":1,"timestamp":"now"'), 400, 'INVALID_REQUEST', /timestamp/],
  ['a timestamp beyond 2^53', record('"value":1,"timestamp":1e300'), 400, 'INVALID_REQUEST', /timestamp/],
  [
    'a record of a partition that is none',
    post('/v1/topics/t/records', '{"value":1,"partition":9}', STRUCTURED),
    404,
    'UNKNOWN_TOPIC_OR_PARTITION',
    /9/,
  ],
  [
    'half of an idempotent producer',
    post(RECORDS, '1', { ...JSON_TYPE, 'producer-id': '1' }),
    400,
    'INVALID_REQUEST',
    /all of them/,
  ],
  [
    'a sequence over several partitions',
    post('/v1/topics/t/records', '1', { ...JSON_TYPE, 'producer-id': '1', 'producer-epoch': '0', 'producer-seq': '0' }),
    400,
    'INVALID_REQUEST',
    /one partition/,
  ],
  [
    'a sequence number beyond an int32',
    post(RECORDS, '1', { ...JSON_TYPE, 'producer-id': '1', 'producer-epoch': '0', 'producer-seq': '2147483648' }),
    400,
    'INVALID_REQUEST',
    /producer-seq/,
  ],
  [
    'a form that a page of another site sends',
    post(RECORDS, 'x', { 'content-type': 'text/plain', origin: 'https://elsewhere.example' }),
    403,
    'CLUSTER_AUTHORIZATION_FAILED',
    /other sites/,
  ],
];

describe('bad input', () => {
  const cluster = new MemoryCluster();
  let app: Awaited<ReturnType<typeof restApp>>['app'];

  beforeEach(async () => {
    app ??= (
      await restApp(optionsFor(cluster, { recordsPerRequest: 10, bodyBytes: 256 * 1024, jsonBodyBytes: 64 * 1024 }))
    ).app;
    if (!cluster.topics.has('t')) cluster.addTopic('t');
    cluster.asked.length = 0;
  });
  afterEach(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined());

  it.each(CASES)('%s', async (_, request, status, name, message) => {
    const response = await app.inject(request);
    expect([response.statusCode, response.json().name]).toEqual([status, name]);
    expect(response.json()).toEqual({ code: ERRORS[name].code, name, message: expect.stringMatching(message) });
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.body).not.toMatch(/node_modules|\.ts:\d/);
    expect(cluster.asked.map(({ api }) => api)).not.toContain('Produce');
    expect(cluster.partition('t').records).toEqual([]);
    expect(Array.from(cluster.topics.keys())).toEqual(['t']);
  });
});
