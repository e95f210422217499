/** What a broker knows of its cluster from the controller's UpdateMetadata: immutable, replaced as a whole. */
import {
  type BrokerId,
  type ControllerEpoch,
  controllerEpoch,
  type LeaderEpoch,
  type PartitionEpoch,
} from '@barnabas/model';
import type { Endpoint } from '@barnabas/zookeeper';

export type ClusterImage = {
  /** undefined before the first UpdateMetadata, and where the controller is not among the live brokers. */
  readonly controllerId: BrokerId | undefined;
  /** Those that are registered. */
  readonly brokers: ReadonlyMap<BrokerId, ClusterBroker>;
  readonly topics: ReadonlyMap<string, ClusterTopic>;
  /** Names of topics by id. */
  readonly topicNames: ReadonlyMap<string, string>;
  readonly deleted: DeletedTopics;
};

/** The controller that the image comes from, and the ids of the topics that it has had deleted: what it said of them is over. */
export type DeletedTopics = { readonly controllerEpoch: ControllerEpoch; readonly topicIds: ReadonlySet<string> };

export type ClusterBroker = {
  readonly id: BrokerId;
  readonly endpoints: readonly Endpoint[];
  readonly rack: string | undefined;
};

export type ClusterTopic = {
  readonly name: string;
  /** 22 characters of URL-safe base64; undefined for a topic that has none. */
  readonly topicId: string | undefined;
  readonly partitions: ReadonlyMap<number, ClusterPartition>;
};

export type ClusterPartition = {
  /** undefined where there is none. */
  readonly leader: BrokerId | undefined;
  readonly leaderEpoch: LeaderEpoch;
  readonly partitionEpoch: PartitionEpoch;
  readonly isr: readonly BrokerId[];
  readonly replicas: readonly BrokerId[];
  /** Replicas whose broker is gone or whose directory has failed. */
  readonly offlineReplicas: readonly BrokerId[];
};

export const EMPTY_CLUSTER: ClusterImage = {
  controllerId: undefined,
  brokers: new Map(),
  topics: new Map(),
  topicNames: new Map(),
  deleted: { controllerEpoch: controllerEpoch(-1), topicIds: new Set() },
};

/** The image as it is now, and word of the next. */
export interface ClusterView {
  readonly image: ClusterImage;
  /** Calls `listener` after each change, until it is called off by what this returns. */
  onChange(listener: (image: ClusterImage) => void): () => void;
}
