import { encodeFeature, FEATURE_PATH, isZooKeeperError } from '@barnabas/zookeeper';
import type { FencedSession } from './fenced-session.ts';

/** Creates `/feature` with no features, where it is missing, as a ZooKeeper controller of Kafka does. */
export async function prepareFeature(fenced: FencedSession): Promise<void> {
  const data = encodeFeature({ isEnabled: true, features: new Map() });
  await fenced.untilAnswered(async (session) => {
    if ((await session.exists(FEATURE_PATH)) !== undefined) return;
    try {
      await fenced.write([{ type: 'create', path: FEATURE_PATH, data }]);
    } catch (error) {
      if (!isZooKeeperError(error, 'NODE_EXISTS')) throw error;
    }
  });
}
