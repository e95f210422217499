import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import type { PackageLinkOptions } from '../../src/adapter/link-options.ts';
import { packageLinkFactory } from '../../src/adapter/package-link-factory.ts';
import { ZooKeeperError } from '../../src/session/zookeeper-error.ts';
import { realClock, realScheduler } from '../support/adapter/real-time.ts';

const OPTIONS: PackageLinkOptions = {
  servers: [{ host: 'localhost', port: 2181 }],
  clock: realClock,
  scheduler: realScheduler,
  random: seededRandom(1),
};

describe('packageLinkFactory', () => {
  it.each([
    [[]],
    [[{ host: '', port: 2181 }]],
    [[{ host: 'zk1', port: 0 }]],
    [[{ host: 'zk1', port: 65_536 }]],
    [[{ host: 'zk1', port: 21.81 }]],
  ])('refuses %j before anything is dialled', (servers) => {
    expect(() => packageLinkFactory({ ...OPTIONS, servers })).toThrow(ZooKeeperError);
  });

  it('refuses a certificate that is none', () => {
    expect(() => packageLinkFactory({ ...OPTIONS, tls: { cert: 'nonsense' } })).toThrow(Error);
  });

  it('makes links that do nothing until they are opened', async () => {
    await packageLinkFactory(OPTIONS)({ timeoutMs: 1000 }).close(true, 1000);
  });
});
