/**
 * The requests that a batch goes out as, in the versions that Kafka 3.9 speaks between its brokers: LeaderAndIsr 7,
 * UpdateMetadata 8, StopReplica 4. As with Kafka's ZooKeeper mode, the type of the first two is 0, unknown.
 */
import type { BrokerEpoch, BrokerId, ControllerEpoch } from '@barnabas/model';
import { ZERO_UUID } from '@barnabas/protocol';
import type { PeerRequest } from '@barnabas/transport';
import type { ControlBatch, LiveLeader, ToldLeaderAndIsr } from './control-batch.ts';

export type ControlRequest =
  | { readonly api: 'LeaderAndIsr'; readonly version: 7; readonly request: PeerRequest<'LeaderAndIsr'> }
  | { readonly api: 'UpdateMetadata'; readonly version: 8; readonly request: PeerRequest<'UpdateMetadata'> }
  | { readonly api: 'StopReplica'; readonly version: 4; readonly request: PeerRequest<'StopReplica'> };

/** Who sends, and to which registration of the broker. */
export type Envelope = {
  readonly controllerId: BrokerId;
  readonly controllerEpoch: ControllerEpoch;
  readonly brokerEpoch: BrokerEpoch;
};

/** Some 100 bytes each: far below what a frame may have, and a broker answers other requests in between. */
const PARTITIONS_PER_REQUEST = 20_000;

export function requestsOf(batch: ControlBatch, envelope: Envelope): readonly ControlRequest[] {
  const header = {
    controllerId: envelope.controllerId,
    controllerEpoch: envelope.controllerEpoch,
    brokerEpoch: BigInt(envelope.brokerEpoch),
  };
  return [
    ...cut([...batch.leaderAndIsr.values()]).map((told): ControlRequest => {
      const liveLeaders = leadersOf(told, batch.leaders);
      return { api: 'LeaderAndIsr', version: 7, request: { ...header, topicStates: byTopic(told), liveLeaders } };
    }),
    ...metadataPieces(batch).map(({ told, liveBrokers }): ControlRequest => {
      return { api: 'UpdateMetadata', version: 8, request: { ...header, topicStates: byTopic(told), liveBrokers } };
    }),
    ...cut([...batch.stopReplica.values()]).map((told): ControlRequest => {
      return { api: 'StopReplica', version: 4, request: { ...header, topicStates: byTopic(told) } };
    }),
  ];
}

/** Word of brokers alone is a request, too. */
function metadataPieces({ metadata, brokers }: ControlBatch) {
  if (brokers === undefined) return [];
  const pieces = metadata.size === 0 ? [[]] : cut([...metadata.values()]);
  return pieces.map((told) => ({ told, liveBrokers: brokers }));
}

function leadersOf(
  told: readonly ToldLeaderAndIsr[],
  leaders: ReadonlyMap<number, LiveLeader>,
): PeerRequest<'LeaderAndIsr'>['liveLeaders'] {
  const ids = new Set(told.map(({ state }) => state.leader));
  return [...leaders.values()].filter(({ brokerId }) => ids.has(brokerId));
}

/** By name and id: a topic may have been deleted and made anew meanwhile. */
function byTopic<State>(told: readonly { readonly topic: string; readonly topicId: string; readonly state: State }[]) {
  const groups = Map.groupBy(told, ({ topic, topicId }) => `${topicId}${topic}`);
  return Array.from(groups.values(), (ofTopic) => ({
    topicName: ofTopic[0]?.topic ?? '',
    topicId: ofTopic[0]?.topicId ?? ZERO_UUID,
    partitionStates: ofTopic.map(({ state }) => state),
  }));
}

function cut<T>(items: readonly T[]): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < items.length; from += PARTITIONS_PER_REQUEST) {
    pieces.push(items.slice(from, from + PARTITIONS_PER_REQUEST));
  }
  return pieces;
}
