import type { BrokerId } from '@barnabas/model';
import type { Endpoint } from '@barnabas/zookeeper';
import { brokerEndpoint } from './broker-endpoint.ts';
import type { ClusterImage } from './cluster-image.ts';

/** Where a client that came through a listener finds the live brokers: those that have a listener of that name. */
export const liveEndpoints = (image: ClusterImage, listener: string): ReadonlyMap<BrokerId, Endpoint> => {
  const endpoints = new Map<BrokerId, Endpoint>();
  for (const broker of image.brokers.keys()) {
    const endpoint = brokerEndpoint(image, broker, listener);
    if (endpoint !== undefined) endpoints.set(broker, endpoint);
  }
  return endpoints;
};
