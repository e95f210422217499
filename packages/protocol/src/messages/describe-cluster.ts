/** The brokers and the controller (KIP-700); what Metadata says without its topics. */
import { array, bool, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AUTHORIZED_OPERATIONS_OMITTED } from './authorized-operations.ts';

export const DescribeClusterRequest = message('DescribeClusterRequest', '0-1', '0+', {
  includeClusterAuthorizedOperations: bool('0+'),
  /** 1 brokers, 2 controllers (of KRaft). */
  endpointType: int8('1+', { default: 1 }),
});
export type DescribeClusterRequest = TypeOf<typeof DescribeClusterRequest>;

const DescribeClusterBroker = struct({
  brokerId: int32('0+'),
  host: string('0+'),
  port: int32('0+'),
  rack: string('0+', { nullable: '0+', default: null }),
});

export const DescribeClusterResponse = message('DescribeClusterResponse', '0-1', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+', default: null }),
  endpointType: int8('1+', { default: 1 }),
  clusterId: string('0+'),
  controllerId: int32('0+', { default: -1 }),
  brokers: array('0+', DescribeClusterBroker),
  /** Bits of the ACL operations that the caller is allowed. */
  clusterAuthorizedOperations: int32('0+', { default: AUTHORIZED_OPERATIONS_OMITTED }),
});
export type DescribeClusterResponse = TypeOf<typeof DescribeClusterResponse>;
