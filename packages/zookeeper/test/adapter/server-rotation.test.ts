import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { ServerRotation } from '../../src/adapter/server-rotation.ts';
import { nameOfServer } from '../../src/session/server.ts';

const SERVERS = ['a', 'b', 'c'].map((host) => ({ host, port: 2181 }));

describe('ServerRotation', () => {
  it('goes through all servers before it comes back to one', () => {
    const rotation = new ServerRotation(SERVERS, seededRandom(1));
    const round = [rotation.next(), rotation.next(), rotation.next()];
    expect(new Set(round)).toEqual(new Set(SERVERS));
    expect([rotation.next(), rotation.next(), rotation.next()]).toEqual(round);
  });

  it('begins with each of them somewhere', () => {
    const firsts = Array.from({ length: 50 }, (_, seed) => new ServerRotation(SERVERS, seededRandom(seed)).next().host);
    expect(new Set(firsts)).toEqual(new Set(['a', 'b', 'c']));
  });
});

describe('nameOfServer', () => {
  it('puts an IPv6 address in brackets', () => {
    expect(nameOfServer({ host: '::1', port: 2181 })).toBe('[::1]:2181');
    expect(nameOfServer({ host: 'zk1', port: 2181 })).toBe('zk1:2181');
  });
});
