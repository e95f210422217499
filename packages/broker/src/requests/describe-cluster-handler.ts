import { ERRORS, KafkaError } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../cluster/cluster-image.ts';
import type { Logger } from '../logger.ts';
import { answered } from './answered.ts';
import { ALL_CLUSTER_OPERATIONS } from './authorized-operations.ts';
import { NO_BROKER, nodeEndpoints } from './node-endpoints.ts';

export type DescribeClusterHandlerOptions = {
  readonly cluster: ClusterView;
  readonly clusterId: string;
  /** The listener whose addresses are answered to whoever came through none. */
  readonly listener: string;
  readonly log: Logger;
};

const BROKERS = 1;
const CONTROLLERS = 2;

/** DescribeCluster (KIP-700), versions 0 and 1. The controller is one of the brokers: nobody else is described. */
export const describeClusterHandler = ({
  cluster,
  clusterId,
  listener: ownListener,
  log,
}: DescribeClusterHandlerOptions): PeerHandler<'DescribeCluster'> =>
  answered(
    'DescribeCluster',
    log,
    ({ includeClusterAuthorizedOperations, endpointType }, { listener = ownListener }) => {
      checkEndpointType(endpointType);
      const { image } = cluster;
      return {
        throttleTimeMs: 0,
        errorCode: ERRORS.NONE.code,
        clusterId,
        controllerId: image.controllerId ?? NO_BROKER,
        brokers: nodeEndpoints(image, listener).map(({ nodeId: brokerId, ...rest }) => ({ brokerId, ...rest })),
        ...(includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: ALL_CLUSTER_OPERATIONS } : {}),
      };
    },
    ({ error, message }) => ({
      throttleTimeMs: 0,
      errorCode: ERRORS[error].code,
      errorMessage: message,
      clusterId: '',
      brokers: [],
    }),
  );

const checkEndpointType = (type: number): void => {
  if (type === BROKERS) return;
  if (type === CONTROLLERS) {
    throw new KafkaError('MISMATCHED_ENDPOINT_TYPE', 'this is a broker, and controllers were asked for');
  }
  throw new KafkaError('UNSUPPORTED_ENDPOINT_TYPE', `${type} is no type of endpoint`);
};
