/** The APIs that a broker of ZooKeeper mode speaks in Kafka 3.9, by the number that a request header has for each. */
import { AddOffsetsToTxnRequest, AddOffsetsToTxnResponse } from './add-offsets-to-txn.ts';
import { AddPartitionsToTxnRequest, AddPartitionsToTxnResponse } from './add-partitions-to-txn.ts';
import { AllocateProducerIdsRequest, AllocateProducerIdsResponse } from './allocate-producer-ids.ts';
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from './alter-client-quotas.ts';
import { AlterConfigsRequest, AlterConfigsResponse } from './alter-configs.ts';
import { AlterPartitionRequest, AlterPartitionResponse } from './alter-partition.ts';
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from './alter-partition-reassignments.ts';
import { AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse } from './alter-replica-log-dirs.ts';
import { AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse } from './alter-user-scram-credentials.ts';
import type { AnyMessage, Api } from './api.ts';
import { ApiVersionsRequest, ApiVersionsResponse } from './api-versions.ts';
import { ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse } from './consumer-group-describe.ts';
import { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from './consumer-group-heartbeat.ts';
import { ControlledShutdownRequest, ControlledShutdownResponse } from './controlled-shutdown.ts';
import { CreateAclsRequest, CreateAclsResponse } from './create-acls.ts';
import { CreateDelegationTokenRequest, CreateDelegationTokenResponse } from './create-delegation-token.ts';
import { CreatePartitionsRequest, CreatePartitionsResponse } from './create-partitions.ts';
import { CreateTopicsRequest, CreateTopicsResponse } from './create-topics.ts';
import { DeleteAclsRequest, DeleteAclsResponse } from './delete-acls.ts';
import { DeleteGroupsRequest, DeleteGroupsResponse } from './delete-groups.ts';
import { DeleteRecordsRequest, DeleteRecordsResponse } from './delete-records.ts';
import { DeleteTopicsRequest, DeleteTopicsResponse } from './delete-topics.ts';
import { DescribeAclsRequest, DescribeAclsResponse } from './describe-acls.ts';
import { DescribeClientQuotasRequest, DescribeClientQuotasResponse } from './describe-client-quotas.ts';
import { DescribeClusterRequest, DescribeClusterResponse } from './describe-cluster.ts';
import { DescribeConfigsRequest, DescribeConfigsResponse } from './describe-configs.ts';
import { DescribeDelegationTokenRequest, DescribeDelegationTokenResponse } from './describe-delegation-token.ts';
import { DescribeGroupsRequest, DescribeGroupsResponse } from './describe-groups.ts';
import { DescribeLogDirsRequest, DescribeLogDirsResponse } from './describe-log-dirs.ts';
import { DescribeProducersRequest, DescribeProducersResponse } from './describe-producers.ts';
import { DescribeTransactionsRequest, DescribeTransactionsResponse } from './describe-transactions.ts';
import {
  DescribeUserScramCredentialsRequest,
  DescribeUserScramCredentialsResponse,
} from './describe-user-scram-credentials.ts';
import { ElectLeadersRequest, ElectLeadersResponse } from './elect-leaders.ts';
import { EndTxnRequest, EndTxnResponse } from './end-txn.ts';
import { EnvelopeRequest, EnvelopeResponse } from './envelope.ts';
import { ExpireDelegationTokenRequest, ExpireDelegationTokenResponse } from './expire-delegation-token.ts';
import { FetchRequest, FetchResponse } from './fetch.ts';
import { FindCoordinatorRequest, FindCoordinatorResponse } from './find-coordinator.ts';
import { HeartbeatRequest, HeartbeatResponse } from './heartbeat.ts';
import { IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse } from './incremental-alter-configs.ts';
import { InitProducerIdRequest, InitProducerIdResponse } from './init-producer-id.ts';
import { JoinGroupRequest, JoinGroupResponse } from './join-group.ts';
import { LeaderAndIsrRequest, LeaderAndIsrResponse } from './leader-and-isr.ts';
import { LeaveGroupRequest, LeaveGroupResponse } from './leave-group.ts';
import { ListGroupsRequest, ListGroupsResponse } from './list-groups.ts';
import { ListOffsetsRequest, ListOffsetsResponse } from './list-offsets.ts';
import {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse,
} from './list-partition-reassignments.ts';
import { ListTransactionsRequest, ListTransactionsResponse } from './list-transactions.ts';
import { MetadataRequest, MetadataResponse } from './metadata.ts';
import { OffsetCommitRequest, OffsetCommitResponse } from './offset-commit.ts';
import { OffsetDeleteRequest, OffsetDeleteResponse } from './offset-delete.ts';
import { OffsetFetchRequest, OffsetFetchResponse } from './offset-fetch.ts';
import { OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse } from './offset-for-leader-epoch.ts';
import { ProduceRequest, ProduceResponse } from './produce.ts';
import { RenewDelegationTokenRequest, RenewDelegationTokenResponse } from './renew-delegation-token.ts';
import { SaslAuthenticateRequest, SaslAuthenticateResponse } from './sasl-authenticate.ts';
import { SaslHandshakeRequest, SaslHandshakeResponse } from './sasl-handshake.ts';
import { StopReplicaRequest, StopReplicaResponse } from './stop-replica.ts';
import { SyncGroupRequest, SyncGroupResponse } from './sync-group.ts';
import { TxnOffsetCommitRequest, TxnOffsetCommitResponse } from './txn-offset-commit.ts';
import { UpdateFeaturesRequest, UpdateFeaturesResponse } from './update-features.ts';
import { UpdateMetadataRequest, UpdateMetadataResponse } from './update-metadata.ts';
import { WriteTxnMarkersRequest, WriteTxnMarkersResponse } from './write-txn-markers.ts';

const api = <Name extends string, Req extends AnyMessage, Res extends AnyMessage>(
  name: Name,
  key: number,
  request: Req,
  response: Res,
): Api<Name, Req, Res> => ({
  name,
  key,
  request,
  response,
  versions: request.versions,
  flexibleVersions: request.flexibleVersions,
  clusterAction: false,
});

/** An API for brokers alone: it needs CLUSTER_ACTION on the cluster. */
const brokerApi: typeof api = (name, key, request, response) => ({
  ...api(name, key, request, response),
  clusterAction: true,
});

export const APIS = {
  Produce: api('Produce', 0, ProduceRequest, ProduceResponse),
  Fetch: api('Fetch', 1, FetchRequest, FetchResponse),
  ListOffsets: api('ListOffsets', 2, ListOffsetsRequest, ListOffsetsResponse),
  Metadata: api('Metadata', 3, MetadataRequest, MetadataResponse),
  LeaderAndIsr: brokerApi('LeaderAndIsr', 4, LeaderAndIsrRequest, LeaderAndIsrResponse),
  StopReplica: brokerApi('StopReplica', 5, StopReplicaRequest, StopReplicaResponse),
  UpdateMetadata: brokerApi('UpdateMetadata', 6, UpdateMetadataRequest, UpdateMetadataResponse),
  ControlledShutdown: brokerApi('ControlledShutdown', 7, ControlledShutdownRequest, ControlledShutdownResponse),
  OffsetCommit: api('OffsetCommit', 8, OffsetCommitRequest, OffsetCommitResponse),
  OffsetFetch: api('OffsetFetch', 9, OffsetFetchRequest, OffsetFetchResponse),
  FindCoordinator: api('FindCoordinator', 10, FindCoordinatorRequest, FindCoordinatorResponse),
  JoinGroup: api('JoinGroup', 11, JoinGroupRequest, JoinGroupResponse),
  Heartbeat: api('Heartbeat', 12, HeartbeatRequest, HeartbeatResponse),
  LeaveGroup: api('LeaveGroup', 13, LeaveGroupRequest, LeaveGroupResponse),
  SyncGroup: api('SyncGroup', 14, SyncGroupRequest, SyncGroupResponse),
  DescribeGroups: api('DescribeGroups', 15, DescribeGroupsRequest, DescribeGroupsResponse),
  ListGroups: api('ListGroups', 16, ListGroupsRequest, ListGroupsResponse),
  SaslHandshake: api('SaslHandshake', 17, SaslHandshakeRequest, SaslHandshakeResponse),
  ApiVersions: api('ApiVersions', 18, ApiVersionsRequest, ApiVersionsResponse),
  CreateTopics: api('CreateTopics', 19, CreateTopicsRequest, CreateTopicsResponse),
  DeleteTopics: api('DeleteTopics', 20, DeleteTopicsRequest, DeleteTopicsResponse),
  DeleteRecords: api('DeleteRecords', 21, DeleteRecordsRequest, DeleteRecordsResponse),
  InitProducerId: api('InitProducerId', 22, InitProducerIdRequest, InitProducerIdResponse),
  OffsetForLeaderEpoch: api('OffsetForLeaderEpoch', 23, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse),
  AddPartitionsToTxn: api('AddPartitionsToTxn', 24, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse),
  AddOffsetsToTxn: api('AddOffsetsToTxn', 25, AddOffsetsToTxnRequest, AddOffsetsToTxnResponse),
  EndTxn: api('EndTxn', 26, EndTxnRequest, EndTxnResponse),
  WriteTxnMarkers: brokerApi('WriteTxnMarkers', 27, WriteTxnMarkersRequest, WriteTxnMarkersResponse),
  TxnOffsetCommit: api('TxnOffsetCommit', 28, TxnOffsetCommitRequest, TxnOffsetCommitResponse),
  DescribeAcls: api('DescribeAcls', 29, DescribeAclsRequest, DescribeAclsResponse),
  CreateAcls: api('CreateAcls', 30, CreateAclsRequest, CreateAclsResponse),
  DeleteAcls: api('DeleteAcls', 31, DeleteAclsRequest, DeleteAclsResponse),
  DescribeConfigs: api('DescribeConfigs', 32, DescribeConfigsRequest, DescribeConfigsResponse),
  AlterConfigs: api('AlterConfigs', 33, AlterConfigsRequest, AlterConfigsResponse),
  AlterReplicaLogDirs: api('AlterReplicaLogDirs', 34, AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse),
  DescribeLogDirs: api('DescribeLogDirs', 35, DescribeLogDirsRequest, DescribeLogDirsResponse),
  SaslAuthenticate: api('SaslAuthenticate', 36, SaslAuthenticateRequest, SaslAuthenticateResponse),
  CreatePartitions: api('CreatePartitions', 37, CreatePartitionsRequest, CreatePartitionsResponse),
  CreateDelegationToken: api('CreateDelegationToken', 38, CreateDelegationTokenRequest, CreateDelegationTokenResponse),
  RenewDelegationToken: api('RenewDelegationToken', 39, RenewDelegationTokenRequest, RenewDelegationTokenResponse),
  ExpireDelegationToken: api('ExpireDelegationToken', 40, ExpireDelegationTokenRequest, ExpireDelegationTokenResponse),
  DescribeDelegationToken: api(
    'DescribeDelegationToken',
    41,
    DescribeDelegationTokenRequest,
    DescribeDelegationTokenResponse,
  ),
  DeleteGroups: api('DeleteGroups', 42, DeleteGroupsRequest, DeleteGroupsResponse),
  ElectLeaders: api('ElectLeaders', 43, ElectLeadersRequest, ElectLeadersResponse),
  IncrementalAlterConfigs: api(
    'IncrementalAlterConfigs',
    44,
    IncrementalAlterConfigsRequest,
    IncrementalAlterConfigsResponse,
  ),
  AlterPartitionReassignments: api(
    'AlterPartitionReassignments',
    45,
    AlterPartitionReassignmentsRequest,
    AlterPartitionReassignmentsResponse,
  ),
  ListPartitionReassignments: api(
    'ListPartitionReassignments',
    46,
    ListPartitionReassignmentsRequest,
    ListPartitionReassignmentsResponse,
  ),
  OffsetDelete: api('OffsetDelete', 47, OffsetDeleteRequest, OffsetDeleteResponse),
  DescribeClientQuotas: api('DescribeClientQuotas', 48, DescribeClientQuotasRequest, DescribeClientQuotasResponse),
  AlterClientQuotas: api('AlterClientQuotas', 49, AlterClientQuotasRequest, AlterClientQuotasResponse),
  DescribeUserScramCredentials: api(
    'DescribeUserScramCredentials',
    50,
    DescribeUserScramCredentialsRequest,
    DescribeUserScramCredentialsResponse,
  ),
  AlterUserScramCredentials: api(
    'AlterUserScramCredentials',
    51,
    AlterUserScramCredentialsRequest,
    AlterUserScramCredentialsResponse,
  ),
  AlterPartition: brokerApi('AlterPartition', 56, AlterPartitionRequest, AlterPartitionResponse),
  UpdateFeatures: brokerApi('UpdateFeatures', 57, UpdateFeaturesRequest, UpdateFeaturesResponse),
  Envelope: brokerApi('Envelope', 58, EnvelopeRequest, EnvelopeResponse),
  DescribeCluster: api('DescribeCluster', 60, DescribeClusterRequest, DescribeClusterResponse),
  DescribeProducers: api('DescribeProducers', 61, DescribeProducersRequest, DescribeProducersResponse),
  DescribeTransactions: api('DescribeTransactions', 65, DescribeTransactionsRequest, DescribeTransactionsResponse),
  ListTransactions: api('ListTransactions', 66, ListTransactionsRequest, ListTransactionsResponse),
  AllocateProducerIds: brokerApi('AllocateProducerIds', 67, AllocateProducerIdsRequest, AllocateProducerIdsResponse),
  ConsumerGroupHeartbeat: api(
    'ConsumerGroupHeartbeat',
    68,
    ConsumerGroupHeartbeatRequest,
    ConsumerGroupHeartbeatResponse,
  ),
  ConsumerGroupDescribe: api('ConsumerGroupDescribe', 69, ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse),
} as const;
export type ApiName = keyof typeof APIS;

const BY_KEY: ReadonlyMap<number, Api<ApiName>> = new Map(Object.values(APIS).map((row) => [row.key, row]));

/** The API of a request header; undefined for a number that is none, or that only brokers of KRaft mode know. */
export const apiByKey = (key: number): Api<ApiName> | undefined => BY_KEY.get(key);
