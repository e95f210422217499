import { describe, it } from 'vitest';
import { findOrigin } from './origin.ts';
import { shout } from './say.ts';

/**
 * A suite that runs against a real ZooKeeper. Where none can be had it does not run and says so loudly; on CI that is a
 * failure. To be awaited at the top of the test file: looking for ZooKeeper may mean to install it.
 *
 * @param needs `clients` is also content with what runs at ZOOKEEPER_CONNECT, `servers` wants some of its own
 */
export const describeWithZooKeeper = async (
  suite: string,
  needs: 'clients' | 'servers',
  define: () => void,
): Promise<void> => {
  if (needs === 'clients' && process.env.ZOOKEEPER_CONNECT !== undefined) {
    describe(suite, define);
    return;
  }
  const origin = await findOrigin();
  if (origin.type !== 'none') {
    describe(suite, define);
    return;
  }
  const message = `NOT RUN: ${suite}. There is no ZooKeeper:\n${origin.reasons.join('\n')}`;
  shout(message);
  if (process.env.CI === 'true') {
    describe(suite, () => {
      it('finds a ZooKeeper', () => {
        throw new Error(message);
      });
    });
  } else describe.skip(suite, define);
};
