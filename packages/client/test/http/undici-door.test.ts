import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UndiciDoor } from '../../src/http/undici-door.ts';
import { SYSTEM_PORTS } from '../../src/ports.ts';
import { UnrulyServer } from '../support/unruly-server.ts';

const LIMITS = { timeoutMs: 5000, signal: new AbortController().signal };
const GET = { method: 'GET', path: '/v1/topics' } as const;

let server: UnrulyServer;
let door: UndiciDoor;

beforeEach(async () => {
  server = await UnrulyServer.start();
  door = new UndiciDoor(SYSTEM_PORTS.scheduler);
});

afterEach(async () => {
  await door.close();
  await server.kill();
});

describe('UndiciDoor', () => {
  it('carries a request there and the answer back, whatever its status', async () => {
    server.handler = (request, response, body) => {
      response.writeHead(418, { 'Next-Offset': '7' });
      response.end(JSON.stringify([request.method, request.url, request.headers['producer-seq'], body]));
    };
    const headers = { 'producer-seq': '5' };
    const request = { method: 'POST', path: '/v1/producers?a=b', headers, body: 'é' } as const;
    const { status, header, body } = await door.send(server.url, request, LIMITS);
    expect([status, header('next-offset'), header('missing')]).toEqual([418, '7', undefined]);
    expect(JSON.parse(Buffer.from(body).toString())).toEqual(['POST', '/v1/producers?a=b', '5', 'é']);
  });

  it('says that nothing happened where nobody listens', async () => {
    const { url } = server;
    await server.kill();
    const error = { error: 'NETWORK_EXCEPTION', outcome: 'refused', isRetriable: true };
    await expect(door.send(url, GET, LIMITS)).rejects.toMatchObject(error);
    await expect(door.send('http://does-not-exist.invalid', GET, LIMITS)).rejects.toMatchObject(error);
  });

  it('does not know what happened where the connection breaks before the answer', async () => {
    server.handler = (request) => request.socket.destroy();
    const error = { error: 'NETWORK_EXCEPTION', outcome: 'unknown', isRetriable: true };
    await expect(door.send(server.url, GET, LIMITS)).rejects.toMatchObject(error);
  });

  it('does not know what happened where the answer ends in the middle', async () => {
    server.handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    };
    const error = { error: 'NETWORK_EXCEPTION', outcome: 'unknown' };
    await expect(door.send(server.url, GET, LIMITS)).rejects.toMatchObject(error);
  });

  it('does not know what happened when time is up, and lets go of the connection', async () => {
    let gone: Promise<unknown> | undefined;
    server.handler = (request) => {
      gone = once(request.socket, 'close');
    };
    const error = { error: 'REQUEST_TIMED_OUT', outcome: 'unknown', isRetriable: true };
    await expect(door.send(server.url, GET, { ...LIMITS, timeoutMs: 50 })).rejects.toMatchObject(error);
    await gone;
  });

  it('gives up at once when it is told to', async () => {
    const controller = new AbortController();
    server.handler = () => controller.abort();
    const error = { name: 'ClientClosedError', outcome: 'unknown', isRetriable: false };
    await expect(door.send(server.url, GET, { ...LIMITS, signal: controller.signal })).rejects.toMatchObject(error);
  });

  it('sends nothing twice by itself', async () => {
    let requests = 0;
    server.handler = (request, response) => {
      requests += 1;
      if (requests === 1) response.end();
      else request.socket.destroy();
    };
    await door.send(server.url, GET, LIMITS);
    await expect(door.send(server.url, GET, LIMITS)).rejects.toMatchObject({ outcome: 'unknown' });
    expect(requests).toBe(2);
  });

  it('breaks off what is under way when it is closed', async () => {
    const arrived = new Promise<void>((resolve) => {
      server.handler = () => resolve();
    });
    const sent = door.send(server.url, GET, LIMITS);
    const failed = expect(sent).rejects.toMatchObject({ outcome: 'unknown' });
    await arrived;
    await door.close();
    await failed;
  });
});
