import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { stopOrder } from '../../src/local-cluster/stop-order.ts';

const servers: Server[] = [];

/** A broker that answers `body` to everything. */
const broker = async (id: number, body: string) => {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { id, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('stopOrder', () => {
  it('puts the controller last', async () => {
    const brokers = [await broker(1, '{"controllerId":2}'), { id: 2, url: '' }, { id: 3, url: '' }];
    expect((await stopOrder(brokers)).map(({ id }) => id)).toEqual([1, 3, 2]);
  });

  it('asks the next one where one does not know', async () => {
    const dead = { id: 1, url: 'http://127.0.0.1:1' };
    const brokers = [dead, await broker(2, '{"controllerId":null}'), await broker(3, '{"controllerId":1}')];
    expect((await stopOrder(brokers)).map(({ id }) => id)).toEqual([2, 3, 1]);
  });

  it('is as good as any where nobody knows', async () => {
    const brokers = [await broker(1, 'what?'), { id: 2, url: 'http://127.0.0.1:1' }];
    expect((await stopOrder(brokers)).map(({ id }) => id)).toEqual([1, 2]);
  });
});
