import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../src/client.ts';
import { type Handler, UnrulyServer } from '../support/unruly-server.ts';

const GONE = JSON.stringify({ code: 3, name: 'UNKNOWN_TOPIC_OR_PARTITION', message: 'there is no topic t' });

let servers: UnrulyServer[];
let client: Client;

beforeEach(async () => {
  servers = [await UnrulyServer.start(), await UnrulyServer.start()];
  client = createClient({ servers: servers.map(({ url }) => url), requestTimeoutMs: 200 });
});

afterEach(async () => {
  await client.close();
  for (const server of servers) await server.kill();
});

/** The first request meets `first`, all others `then`, whichever server they come to. */
const answer = (first: Handler, then: Handler) => {
  let requests = 0;
  for (const server of servers) {
    server.handler = (...args) => {
      requests += 1;
      (requests === 1 ? first : then)(...args);
    };
  }
};

const drop: Handler = (request) => request.socket.destroy();

describe('Topics', () => {
  it('creates a topic, also where the first server breaks the connection', async () => {
    const seen: unknown[] = [];
    answer(drop, (request, response, body) => {
      seen.push(request.method, request.url, JSON.parse(body));
      response.writeHead(200).end('{}');
    });
    await client.topics.create('t', { partitions: 2, configs: { 'retention.ms': '1' } });
    expect(seen).toEqual(['PUT', '/v1/topics/t', { partitions: 2, configs: { 'retention.ms': '1' } }]);
  });

  it('goes on where a server does not answer', async () => {
    answer(
      () => {},
      (_, response) => response.end('["a","b"]'),
    );
    expect(await client.topics.list()).toEqual(['a', 'b']);
  });

  it('describes a topic', async () => {
    const topic = { name: 't', topicId: null, partitions: [], configs: {} };
    answer(drop, (_, response) => response.end(JSON.stringify(topic)));
    expect(await client.topics.describe('t')).toEqual(topic);
  });

  it('takes a topic for deleted that is gone after an attempt of unknown outcome', async () => {
    answer(drop, (_, response) => response.writeHead(404).end(GONE));
    await client.topics.delete('t', 500);
  });

  it('fails to delete what was never there', async () => {
    const gone: Handler = (_, response) => response.writeHead(404).end(GONE);
    answer(gone, gone);
    await expect(client.topics.delete('t', 300)).rejects.toMatchObject({ outcome: 'refused', status: 404 });
  });

  it('passes on what the server says', async () => {
    const refusal = JSON.stringify({ code: 38, name: 'INVALID_REPLICATION_FACTOR', message: 'only 1 broker' });
    const refuse: Handler = (_, response) => response.writeHead(400).end(refusal);
    answer(refuse, refuse);
    const error = { error: 'INVALID_REPLICATION_FACTOR', message: 'only 1 broker', outcome: 'refused', status: 400 };
    await expect(client.topics.create('t', { replicationFactor: 3 })).rejects.toMatchObject(error);
  });

  it('does not take what is no answer for one', async () => {
    answer(drop, (_, response) => response.end('[1]'));
    await expect(client.topics.list(500)).rejects.toMatchObject({ error: 'UNKNOWN_SERVER_ERROR' });
  });
});
