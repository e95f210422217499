import { describe, expect, it } from 'vitest';
import { NO_LOG } from '../../../src/logger.ts';
import { restApp } from '../../../src/rest/rest-server.ts';
import { MemoryCluster } from '../support/memory-cluster.ts';
import { optionsFor, testDoor } from '../support/test-door.ts';

const BROWSERS: [string, Record<string, string>][] = [
  ['says where it comes from', { origin: 'http://evil.example' }],
  ['fetches for a page', { 'sec-fetch-site': 'same-origin' }],
  ['reads over plain HTTP', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }],
];

describe('a browser', () => {
  it.each(
    BROWSERS,
  )('that %s is refused where it calls the broker by a name that is none of its own', async (_, headers) => {
    const { cluster, send } = await testDoor();
    cluster.addTopic('t');
    for (const host of ['evil.example', 'evil.example:8082', 'localhost.evil.example', '127.0.0.1.evil.example']) {
      for (const url of ['/v1/topics', '/docs/', '/v1/topics/t/records']) {
        const response = await send({ url, headers: { ...headers, host } });
        expect([host, response.statusCode]).toEqual([host, 403]);
        expect(response.json()).toMatchObject({ code: 31, name: 'CLUSTER_AUTHORIZATION_FAILED' });
        expect(response.json().message).toContain('rest.allowed.hosts');
      }
    }
  });

  it.each(BROWSERS)('that %s may call it by address, and by the names that it has', async (_, headers) => {
    const { send } = await testDoor();
    const hosts = ['127.0.0.1:8082', '[::1]:8082', 'localhost', 'LOCALHOST:1', 'app.localhost', 'localhost.'];
    for (const host of [...hosts, 'host-2:9', 'Host-3', 'peers-1', 'this-machine', 'kafka.example.com']) {
      const response = await send({ url: '/v1/topics', headers: { ...headers, host } });
      expect([host, response.statusCode]).toEqual([host, 200]);
    }
  });

  it('may call it by any name where all are allowed', async () => {
    const options = { ...optionsFor(new MemoryCluster()), logger: NO_LOG, allowedHosts: ['*'] };
    const { app } = await restApp(options);
    const headers = { host: 'evil.example', 'sec-fetch-site': 'none' };
    expect((await app.inject({ url: '/v1/topics', headers })).statusCode).toBe(200);
    await app.close();
  });
});

describe('a program', () => {
  it('may call the broker by any name', async () => {
    const { send } = await testDoor();
    for (const agent of ['curl/8.14.1', 'node', 'kafka-client']) {
      const headers = { host: 'a-proxy.example', 'user-agent': agent, 'sec-fetch-mode': 'cors' };
      expect((await send({ url: '/v1/topics', headers })).statusCode).toBe(200);
    }
  });
});
