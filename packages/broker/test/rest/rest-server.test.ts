import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { PeerError } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { listeningDoor, testDoor } from './support/test-door.ts';

const RECORDS = '/v1/topics/t/partitions/0/records';

/** Writes to a new connection, and gives all that comes back until it ends. */
const exchange = async (port: number, text: string): Promise<string> => {
  const socket = createConnection(port, '127.0.0.1');
  socket.write(text);
  return await untilEnd(socket);
};

const untilEnd = async (socket: Socket): Promise<string> => {
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  return received;
};

const bodyOf = (response: string) => JSON.parse(response.slice(response.indexOf('\r\n\r\n')));

describe('the cluster and the health of a broker', () => {
  it('tells of the brokers and of the cluster', async () => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t', 2);
    const brokers = (await send({ url: '/v1/brokers' })).json();
    expect(brokers).toMatchObject({ clusterId: 'test-cluster', controllerId: 1 });
    expect(brokers.brokers[1]).toEqual({
      id: 2,
      host: 'host-2',
      rack: 'rack-2',
      listeners: [
        { name: 'PEERS', securityProtocol: 'PLAINTEXT', host: 'peers-2', port: 9192 },
        { name: 'REST', securityProtocol: 'PLAINTEXT', host: 'host-2', port: 8082 },
      ],
    });
    expect(brokers.brokers[2].rack).toBeNull();
    expect((await send({ url: '/v1/cluster' })).json()).toEqual({
      clusterId: 'test-cluster',
      controllerId: 1,
      brokerId: 2,
      brokers: [1, 2, 3],
      topics: 1,
      partitions: 2,
      partitionsWithoutLeader: 0,
      underReplicatedPartitions: 0,
    });
  });

  it('says whether it is well, and counts', async () => {
    const { send } = await testDoor();
    expect((await send({ url: '/healthy' })).json()).toEqual({ status: 'healthy', reasons: [] });
    const ready = await send({ url: '/ready' });
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'not ready', reasons: ['not registered'] }]);
    const metrics = await send({ url: '/metrics' });
    expect([metrics.body, metrics.headers['content-type']]).toEqual([
      'barnabas_up 1\n',
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
  });

  it('says both at once, and what it is', async () => {
    const { send } = await testDoor();
    const health = await send({ url: '/v1/health' });
    expect([health.statusCode, health.json()]).toEqual([
      200,
      { status: 'healthy', ready: false, reasons: ['not registered'] },
    ]);
    const home = await send({ url: '/' });
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(home.json()).toMatchObject({ name: 'Barnabas', version, clusterId: 'test-cluster', brokerId: 2 });
    for (const url of Object.values<string>(home.json().links)) {
      expect([url, (await send({ url })).statusCode]).toEqual([url, 200]);
    }
    const clusters = await send({ url: '/v1/clusters/x' });
    expect([clusters.statusCode, clusters.json().message]).toEqual([404, expect.stringContaining('/v1/cluster is')]);
  });

  it('describes its API, every route of it, and shows a page', async () => {
    const { send } = await testDoor();
    const api = (await send({ url: '/v1/openapi.json' })).json();
    expect(api.openapi).toBe('3.1.0');
    expect(Object.keys(api.paths).sort()).toEqual([
      '/',
      '/healthy',
      '/metrics',
      '/ready',
      '/topics',
      '/topics/{topic}',
      '/topics/{topic}/partitions/{partition}',
      '/v1/brokers',
      '/v1/cluster',
      '/v1/health',
      '/v1/producers',
      '/v1/topics',
      '/v1/topics/{topic}',
      '/v1/topics/{topic}/partitions/{partition}/records',
      '/v1/topics/{topic}/records',
    ]);
    const { get, post } = api.paths['/v1/topics/{topic}/partitions/{partition}/records'];
    expect(Object.keys(post.requestBody.content)).toContain('application/x-ndjson');
    expect(Object.keys(get.responses['200'].content)).toContain('text/event-stream');
    expect((await send({ url: '/docs/' })).body).toContain('swagger-ui');
  });
});

describe('startRestServer', () => {
  it('refuses headers that are too large, and what is no HTTP, in the shape of all errors', async () => {
    const { port } = await listeningDoor({ httpHeaderBytes: 2_000 });
    const large = await exchange(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(3_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1.1 431 /);
    expect(bodyOf(large)).toMatchObject({ code: 42, name: 'INVALID_REQUEST' });
    const smuggled = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await exchange(port, smuggled)).toMatch(/^HTTP\/1.1 400 /);
    expect(await exchange(port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
    const nobodys = await exchange(port, 'GET /v1/topics HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(nobodys).toMatch(/^HTTP\/1.1 400 /);
    expect(bodyOf(nobodys)).toEqual({ code: 42, name: 'INVALID_REQUEST', message: 'the Host header is missing' });
  });

  it('takes no path for the name of a topic, however it is written', async () => {
    const { cluster, port } = await listeningDoor();
    for (const name of ['%2e%2e', '..', '.', '%2e']) {
      const head = `PUT /v1/topics/${name} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
      const response = await exchange(port, `${head}Content-Length: 2\r\n\r\n{}`);
      expect(response).toMatch(/^HTTP\/1.1 400 /);
      expect(bodyOf(response).name).toBe('INVALID_TOPIC_EXCEPTION');
    }
    expect(cluster.topics.size).toBe(0);
  });

  it('does not wait long for slow senders of headers or bodies', async () => {
    const { cluster, port } = await listeningDoor({ headersTimeoutMs: 50, wholeRequestTimeoutMs: 100 });
    cluster.addTopic('t');
    const [headers, body] = await Promise.all([
      exchange(port, 'GET / HTTP/1.1\r\nHost'),
      exchange(port, `POST ${RECORDS} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123`),
    ]);
    expect(headers).toMatch(/^HTTP\/1.1 408 /);
    expect(body).toMatch(/^HTTP\/1.1 408 /);
    expect(cluster.partition('t').records).toEqual([]);
  });

  it('refuses a body that is too large without reading it, or as soon as it is', async () => {
    const { cluster, port } = await listeningDoor({ bodyBytes: 1_000 });
    cluster.addTopic('t');
    const head = `POST ${RECORDS} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n`;
    const declared = await exchange(port, `${head}Content-Length: 8000000000000000000\r\n\r\n`);
    expect(declared).toMatch(/^HTTP\/1.1 413 /);
    const endless = await exchange(port, `${head}Transfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`);
    expect(endless).toMatch(/^HTTP\/1.1 413 /);
    expect(bodyOf(endless).name).toBe('MESSAGE_TOO_LARGE');
    expect(cluster.partition('t').records).toEqual([]);
  });

  it('holds only so many bytes of requests at once', async () => {
    const { cluster, url } = await listeningDoor({ allBodiesBytes: 1_500 });
    cluster.addTopic('t');
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    cluster.next('Produce', () => held);
    const post = () => fetch(url + RECORDS, { method: 'POST', body: 'x'.repeat(1_000) });
    const first = post();
    while (cluster.asked.length === 0) await new Promise(setImmediate);
    const second = await post();
    expect([second.status, ((await second.json()) as { name: string }).name]).toEqual([
      503,
      'THROTTLING_QUOTA_EXCEEDED',
    ]);
    answer();
    expect((await first).status).toBe(200);
    expect((await post()).status).toBe(200);
  });

  it('gives up what it read of a body whose sender goes', async () => {
    const { cluster, port, url } = await listeningDoor({ allBodiesBytes: 1_500 });
    cluster.addTopic('t');
    const socket = createConnection(port, '127.0.0.1');
    socket.write(`POST ${RECORDS} HTTP/1.1\r\nHost: a\r\nContent-Length: 1400\r\n\r\n${'x'.repeat(1_200)}`);
    const post = () => fetch(url + RECORDS, { method: 'POST', body: 'x'.repeat(1_000) });
    while ((await post()).status === 200) cluster.partition('t').batches.length = 0;
    socket.destroy();
    while ((await post()).status !== 200) await new Promise(setImmediate);
    expect(cluster.partition('t').records.every(({ value }) => value?.length === 1_000)).toBe(true);
  });

  it('lets requests under way finish when it closes, and then takes no more', async () => {
    const { cluster, server, url } = await listeningDoor();
    cluster.addTopic('t');
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    cluster.next('Produce', () => held);
    const response = fetch(url + RECORDS, { method: 'POST', body: 'x' });
    while (cluster.asked.length === 0) await new Promise(setImmediate);
    const closed = server.close();
    answer();
    expect((await response).status).toBe(200);
    await closed;
    await expect(fetch(`${url}/v1/topics`)).rejects.toThrow('fetch failed');
  });

  it('does not wait for ever when it closes', async () => {
    const { cluster, server, url } = await listeningDoor({ closeTimeoutMs: 50 });
    cluster.addTopic('t');
    cluster.next('Produce', () => new Promise(() => {}));
    const response = fetch(url + RECORDS, { method: 'POST', body: 'x' });
    const failed = expect(response).rejects.toThrow();
    while (cluster.asked.length === 0) await new Promise(setImmediate);
    await server.close();
    await failed;
  });

  it('answers a waiting read when it closes, also where the leader cannot be told', async () => {
    const { cluster, server, url } = await listeningDoor({ closeTimeoutMs: 20_000 });
    cluster.addTopic('t');
    const silence = new Promise<void>(() => {});
    cluster.next('Fetch', () => undefined);
    cluster.next('Fetch', () => silence);
    const responses = [1, 2].map(() => fetch(`${url}${RECORDS}?offset=0&wait=20000`));
    while (cluster.asked.length < 2) await new Promise(setImmediate);
    await server.close();
    for (const response of responses)
      expect([(await response).status, await (await response).text()]).toEqual([200, '']);
  });

  it('tells nothing of what went wrong inside, and goes on', async () => {
    const errors: object[] = [];
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: (fields: object) => errors.push(fields) };
    const { cluster, url } = await listeningDoor({}, { logger });
    cluster.addTopic('t');
    cluster.next('Produce', () => {
      throw new TypeError('a secret of the inside');
    });
    const response = await fetch(url + RECORDS, { method: 'POST', body: 'x' });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(errors).toEqual([{ err: expect.objectContaining({ message: 'a secret of the inside' }) }]);
    cluster.next('DescribeConfigs', () => {
      throw new PeerError('refused', 'closed', 'closed');
    });
    expect((await fetch(`${url}/v1/topics/t`)).status).toBe(200);
  });

  it('fails where the port is taken', async () => {
    const { port } = await listeningDoor();
    await expect(listeningDoor({}, { port })).rejects.toThrow('EADDRINUSE');
  });
});
