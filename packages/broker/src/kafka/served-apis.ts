/**
 * What clients of Kafka's protocol are served, and in which versions: the one table behind ApiVersions, the door itself and
 * `docs/apis.md`. The lowest version is 0 throughout, also where a request of it is answered with an error: clients switch
 * features on and off by old versions that they find here. What brokers ask each other is not served on this door.
 */
import { APIS, type Api, type ApiName } from '@barnabas/protocol';
import { type AnyPeerHandler, handlerOf, type PeerHandlers } from '@barnabas/transport';

export type VersionRange = Api['versions'];

/** An API with the handler that answers it, whichever door a request comes through. */
export type ServedApi = {
  readonly api: Api<ApiName>;
  readonly versions: VersionRange;
  readonly handler: AnyPeerHandler;
};

/** By the number that a request has for the API. */
export type ServedApis = ReadonlyMap<number, ServedApi>;

const upTo = (max: number): VersionRange => ({ min: 0, max });

/** In the order of their numbers. */
export const SERVED_APIS: Readonly<Partial<Record<ApiName, VersionRange>>> = {
  Produce: upTo(11),
  Fetch: upTo(17),
  ListOffsets: upTo(9),
  Metadata: upTo(12),
  OffsetCommit: upTo(9),
  OffsetFetch: upTo(9),
  FindCoordinator: upTo(6),
  JoinGroup: upTo(9),
  Heartbeat: upTo(4),
  LeaveGroup: upTo(5),
  SyncGroup: upTo(5),
  DescribeGroups: upTo(5),
  ListGroups: upTo(5),
  ApiVersions: upTo(4),
  CreateTopics: upTo(7),
  DeleteTopics: upTo(6),
  DeleteRecords: upTo(2),
  InitProducerId: upTo(5),
  OffsetForLeaderEpoch: upTo(4),
  DescribeConfigs: upTo(4),
  AlterConfigs: upTo(2),
  DescribeLogDirs: upTo(4),
  CreatePartitions: upTo(3),
  DeleteGroups: upTo(2),
  ElectLeaders: upTo(2),
  IncrementalAlterConfigs: upTo(1),
  OffsetDelete: upTo(0),
  DescribeCluster: upTo(1),
};

/** Those of the table that there is a handler for. */
export function servedApis(handlers: PeerHandlers): ServedApis {
  const served = new Map<number, ServedApi>();
  for (const api of Object.values(APIS)) {
    const versions = SERVED_APIS[api.name];
    const handler = handlerOf(handlers, api.name);
    if (versions !== undefined && handler !== undefined) served.set(api.key, { api, versions, handler });
  }
  return served;
}
