import type { BrokerId } from '@barnabas/model';
import type { Endpoint } from '@barnabas/zookeeper';
import type { ClusterImage } from './cluster-image.ts';

/** Where a live broker listens under that name; undefined for a broker that is gone, and one without such a listener. */
export const brokerEndpoint = (image: ClusterImage, broker: BrokerId, listener: string): Endpoint | undefined =>
  image.brokers.get(broker)?.endpoints.find((endpoint) => endpoint.listener === listener);
