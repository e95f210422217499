import { SimulatedClock } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { Servers } from '../../src/http/servers.ts';

const three = (clock = new SimulatedClock()) => new Servers(['http://a:1/', 'https://b', 'http://c:3'], clock);

describe('Servers', () => {
  it('takes origins', () => {
    expect([0, 1, 2, 3].map((index) => three().url(index))).toEqual([
      'http://a:1',
      'https://b',
      'http://c:3',
      'http://a:1',
    ]);
  });

  it('passes over those that did not answer, for a while', () => {
    const clock = new SimulatedClock();
    const servers = three(clock);
    servers.avoid(1);
    expect([0, 1, 2, 4].map((index) => servers.usableFrom(index))).toEqual([0, 2, 2, 2]);
    clock.advanceBy(2000);
    expect(servers.usableFrom(1)).toBe(1);
  });

  it('takes the one that failed first where all have failed', () => {
    const clock = new SimulatedClock();
    const servers = three(clock);
    for (const index of [1, 2, 0]) {
      servers.avoid(index);
      clock.advanceBy(10);
    }
    expect(servers.usableFrom(0)).toBe(1);
    servers.answered(0);
    expect(servers.usableFrom(1)).toBe(0);
  });

  it.each([[[]], [['127.0.0.1:8081']], [['ftp://a']], [['']]])('refuses %j', (urls) => {
    expect(() => new Servers(urls, new SimulatedClock())).toThrow(/^servers: /);
  });
});
