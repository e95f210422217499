import { type BrokerEpoch, brokerEpoch } from '@barnabas/model';
import { type InputOf, UpdateMetadataRequest, ZERO_UUID } from '@barnabas/protocol';
import { ControllerFence } from '../../src/cluster/controller-fence.ts';
import { MetadataCache } from '../../src/cluster/metadata-cache.ts';

export const ID_A = 'AAAAAAAAAAAAAAAAAAAAAQ';
export const ID_B = 'AAAAAAAAAAAAAAAAAAAAAg';

type Input = InputOf<typeof UpdateMetadataRequest>;
export type TopicState = NonNullable<Input['topicStates']>[number];
export type PartitionState = TopicState['partitionStates'][number];
type LiveBroker = Input['liveBrokers'][number];

/** The request as a broker receives it: controller 1 of epoch 5, brokers 1 to 3, unless said otherwise. */
export const updateMetadata = (input: Partial<Input> = {}, version = 8): UpdateMetadataRequest => {
  const complete: Input = { controllerId: 1, controllerEpoch: 5, liveBrokers: [1, 2, 3].map(broker), ...input };
  return UpdateMetadataRequest.decode(version, UpdateMetadataRequest.encode(version, complete));
};

/** Listens as PEERS on port 9190 + id, as REST on 8080 + id. */
export const broker = (id: number): LiveBroker => ({
  id,
  endpoints: [
    { host: `b${id}`, port: 9190 + id, listener: 'PEERS', securityProtocol: 0 },
    { host: `b${id}`, port: 8080 + id, listener: 'REST', securityProtocol: 1 },
  ],
  rack: `rack-${id}`,
});

/** Leader 1 in epoch 0, all three replicas in sync, unless said otherwise. */
export const partition = (index: number, state: Partial<PartitionState> = {}): PartitionState => ({
  partitionIndex: index,
  controllerEpoch: 5,
  leader: 1,
  leaderEpoch: 0,
  isr: [1, 2, 3],
  zkVersion: 0,
  replicas: [1, 2, 3],
  offlineReplicas: [],
  ...state,
});

export const topic = (topicName: string, topicId: string | undefined, ...states: PartitionState[]): TopicState => ({
  topicName,
  topicId: topicId ?? ZERO_UUID,
  partitionStates: states,
});

export const newCache = (epoch: BrokerEpoch | undefined = brokerEpoch(100)) => {
  const fence = new ControllerFence();
  return { fence, cache: new MetadataCache({ fence, brokerEpoch: () => epoch }) };
};

/** A cache that has been told of these topics. */
export const cacheWith = (...topicStates: TopicState[]): MetadataCache => {
  const { cache } = newCache();
  cache.update(updateMetadata({ topicStates }));
  return cache;
};
