/**
 * The requests that a batch goes out as, in the versions that Kafka 3.9 speaks between its brokers: LeaderAndIsr 7,
 * UpdateMetadata 8, StopReplica 4. The type of the first two is 2 (full) where they name every replica of the broker, or all
 * partitions that there are, as with Kafka's newer controllers; else it is 0, unknown, as with Kafka's ZooKeeper mode. A
 * full one is never cut into pieces.
 */
import type { BrokerEpoch, BrokerId, ControllerEpoch } from '@barnabas/model';
import { ZERO_UUID } from '@barnabas/protocol';
import type { PeerRequest } from '@barnabas/transport';
import type { ControlBatch, LiveLeader, ToldLeaderAndIsr, ToldMetadata } from './control-batch.ts';

export type ControlRequest =
  | { readonly api: 'LeaderAndIsr'; readonly version: 7; readonly request: PeerRequest<'LeaderAndIsr'> }
  | { readonly api: 'UpdateMetadata'; readonly version: 8; readonly request: PeerRequest<'UpdateMetadata'> }
  | { readonly api: 'StopReplica'; readonly version: 4; readonly request: PeerRequest<'StopReplica'> };

/** Who sends, and to which registration of the broker. */
export type Envelope = {
  readonly controllerId: BrokerId;
  readonly controllerEpoch: ControllerEpoch;
  readonly broker: BrokerId;
  readonly brokerEpoch: BrokerEpoch;
};

/** Some 100 bytes each: far below what a frame may have, and a broker answers other requests in between. */
const PARTITIONS_PER_REQUEST = 20_000;
const NO_LEADER = -1;
/** Types of LeaderAndIsr and UpdateMetadata (KIP-866). */
const UNKNOWN = 0;
const FULL = 2;

export function requestsOf(batch: ControlBatch, envelope: Envelope): readonly ControlRequest[] {
  const header = {
    controllerId: envelope.controllerId,
    controllerEpoch: envelope.controllerEpoch,
    brokerEpoch: BigInt(envelope.brokerEpoch),
  };
  return [
    ...replicaPieces(batch).map(({ told, type }): ControlRequest => {
      const liveLeaders = leadersOf(told, batch.leaders);
      return { api: 'LeaderAndIsr', version: 7, request: { ...header, type, topicStates: byTopic(told), liveLeaders } };
    }),
    ...metadataPieces(batch, envelope.broker).map(({ told, liveBrokers, type }): ControlRequest => {
      const topicStates = byTopic(told);
      return { api: 'UpdateMetadata', version: 8, request: { ...header, type, topicStates, liveBrokers } };
    }),
    ...cut([...batch.stopReplica.values()]).map((told): ControlRequest => {
      return { api: 'StopReplica', version: 4, request: { ...header, topicStates: byTopic(told) } };
    }),
  ];
}

/** That there is to be no replica at all is a request, too. */
function replicaPieces({ leaderAndIsr, isFull }: ControlBatch) {
  const pieces = cut([...leaderAndIsr.values()]);
  if (isFull && pieces.length <= 1) return [{ told: pieces[0] ?? [], type: FULL }];
  return pieces.map((told) => ({ told, type: UNKNOWN }));
}

/** Word of brokers alone is a request, too. */
function metadataPieces({ metadata, brokers, isFullMetadata }: ControlBatch, broker: BrokerId) {
  if (brokers === undefined) return [];
  const pieces = metadata.size === 0 ? [[]] : cut(waitingFirst([...metadata.values()], broker));
  const type = isFullMetadata && pieces.length === 1 ? FULL : UNKNOWN;
  return pieces.map((told) => ({ told, liveBrokers: brokers, type }));
}

/**
 * Partitions without a leader that count on the broker come first: where it has the `unclean` mark, it goes by the first piece
 * that names it, and keeps the mark as long as it knows of one of these.
 */
function waitingFirst(told: readonly ToldMetadata[], broker: BrokerId): readonly ToldMetadata[] {
  if (told.length <= PARTITIONS_PER_REQUEST) return told;
  const isWaiting = ({ state }: ToldMetadata) => state.leader === NO_LEADER && state.isr.includes(broker);
  return [...told.filter(isWaiting), ...told.filter((each) => !isWaiting(each))];
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
