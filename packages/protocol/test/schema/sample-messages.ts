/** Messages of Kafka 3.9 that between them need everything a declaration can say. */
import { AlterClientQuotasRequest, AlterClientQuotasResponse } from './messages/alter-client-quotas.ts';
import { ApiVersionsRequest, ApiVersionsResponse } from './messages/api-versions.ts';
import { ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse } from './messages/consumer-group-heartbeat.ts';
import { FetchRequest, FetchResponse } from './messages/fetch.ts';
import { RequestHeader, ResponseHeader } from './messages/headers.ts';
import { JoinGroupRequest, JoinGroupResponse } from './messages/join-group.ts';
import { LeaderAndIsrRequest, LeaderAndIsrResponse } from './messages/leader-and-isr.ts';
import { MetadataRequest, MetadataResponse } from './messages/metadata.ts';
import { ProduceRequest, ProduceResponse } from './messages/produce.ts';
import { UpdateMetadataRequest, UpdateMetadataResponse } from './messages/update-metadata.ts';

/** By the name in the golden files: API and kind. */
export const SAMPLE_MESSAGES = {
  'RequestHeader request-header': RequestHeader,
  'ResponseHeader response-header': ResponseHeader,
  'ApiVersions request': ApiVersionsRequest,
  'ApiVersions response': ApiVersionsResponse,
  'Metadata request': MetadataRequest,
  'Metadata response': MetadataResponse,
  'Fetch request': FetchRequest,
  'Fetch response': FetchResponse,
  'Produce request': ProduceRequest,
  'Produce response': ProduceResponse,
  'LeaderAndIsr request': LeaderAndIsrRequest,
  'LeaderAndIsr response': LeaderAndIsrResponse,
  'UpdateMetadata request': UpdateMetadataRequest,
  'UpdateMetadata response': UpdateMetadataResponse,
  'JoinGroup request': JoinGroupRequest,
  'JoinGroup response': JoinGroupResponse,
  'ConsumerGroupHeartbeat request': ConsumerGroupHeartbeatRequest,
  'ConsumerGroupHeartbeat response': ConsumerGroupHeartbeatResponse,
  'AlterClientQuotas request': AlterClientQuotasRequest,
  'AlterClientQuotas response': AlterClientQuotasResponse,
} as const;
