import type { ClusterImage } from '../cluster/cluster-image.ts';
import { liveEndpoints } from '../cluster/live-endpoints.ts';

/** Stands in messages where there is no controller, no leader. */
export const NO_BROKER = -1;

/** A live broker as Metadata, DescribeCluster and the answers to Produce and Fetch name it. */
export type NodeEndpoint = {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
};

/** Of the brokers that a client can reach through a listener of that name. */
export const nodeEndpoints = (image: ClusterImage, listener: string): NodeEndpoint[] =>
  [...liveEndpoints(image, listener)].map(([nodeId, { host, port }]) => ({
    nodeId,
    host,
    port,
    rack: image.brokers.get(nodeId)?.rack ?? null,
  }));
