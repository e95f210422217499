import { decideAlterPartition, type LeaderAndIsr } from '@barnabas/controller';
import {
  type BrokerEpoch,
  type BrokerId,
  brokerEpoch,
  brokerId,
  controllerEpoch,
  ERRORS,
  leaderEpoch,
  partitionEpoch,
  type TopicPartition,
} from '@barnabas/model';
import type { LeaderAndIsrRequest } from '@barnabas/protocol';
import type { PeerRequest, PeerResponse } from '@barnabas/transport';
import type { ClusterImage } from '../../../src/cluster/cluster-image.ts';

export const TOPIC = 't';
export const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
export const PARTITION: TopicPartition = { topic: TOPIC, partition: 0 };
export const CONTROLLER = brokerId(1);

export type Stated = LeaderAndIsr & { readonly replicas: readonly BrokerId[]; readonly isNew: boolean };

type AskedIsr = PeerRequest<'AlterPartition'>;
type AlteredIsr = PeerResponse<'AlterPartition'>;

/** The partitions of one topic as a controller keeps them: decides AlterPartition by the controller's own rules. */
export class FakeController {
  readonly partitions = new Map<number, Stated>();
  readonly registered = new Map<BrokerId, BrokerEpoch>();
  /** Every AlterPartition, as it came. */
  readonly asked: AskedIsr[] = [];
  epoch = 1;
  /** Of topics. */
  readonly deletedIds = new Set<string>();

  create(partition: number, replicas: readonly BrokerId[], isr = replicas, leader = isr[0]): Stated {
    const state: Stated = {
      leader,
      leaderEpoch: leaderEpoch(0),
      isr,
      isRecovering: false,
      partitionEpoch: partitionEpoch(0),
      replicas,
      isNew: true,
    };
    this.partitions.set(partition, state);
    return state;
  }

  stateOf(partition: number): Stated {
    const found = this.partitions.get(partition);
    if (found === undefined) throw new Error(`there is no partition ${partition}`);
    return found;
  }

  /** The next epoch, with what has changed. */
  change(partition: number, changed: Partial<Pick<Stated, 'leader' | 'isr' | 'replicas'>>): Stated {
    const state = this.stateOf(partition);
    const next: Stated = {
      ...state,
      ...changed,
      leaderEpoch: leaderEpoch(state.leaderEpoch + 1),
      partitionEpoch: partitionEpoch(state.partitionEpoch + 1),
      isNew: false,
    };
    this.partitions.set(partition, next);
    return next;
  }

  /** What it has to say to a broker about these partitions. */
  leaderAndIsr(to: BrokerId, partitions: Iterable<number>, type = 1): LeaderAndIsrRequest {
    return {
      controllerId: CONTROLLER,
      isKRaftController: false,
      controllerEpoch: this.epoch,
      brokerEpoch: BigInt(this.registered.get(to) ?? -1),
      type,
      ungroupedPartitionStates: [],
      topicStates: [
        { topicName: TOPIC, topicId: TOPIC_ID, partitionStates: [...partitions].map((each) => this.#stateFor(each)) },
      ],
      liveLeaders: [],
    };
  }

  image(): ClusterImage {
    const partitions = Array.from(this.partitions, ([partition, state]) => {
      return [partition, { ...state, offlineReplicas: [] }] as const;
    });
    const isDeleted = this.deletedIds.has(TOPIC_ID);
    return {
      controllerId: CONTROLLER,
      brokers: new Map([...this.registered.keys()].map((id) => [id, { id, endpoints: [], rack: undefined }])),
      topics: new Map(isDeleted ? [] : [[TOPIC, { name: TOPIC, topicId: TOPIC_ID, partitions: new Map(partitions) }]]),
      topicNames: new Map(isDeleted ? [] : [[TOPIC_ID, TOPIC]]),
      deleted: { controllerEpoch: controllerEpoch(this.epoch), topicIds: this.deletedIds },
    };
  }

  alterPartition(request: AskedIsr): AlteredIsr {
    this.asked.push(request);
    const decision = decideAlterPartition(
      {
        brokerId: brokerId(request.brokerId),
        brokerEpoch: brokerEpoch(Number(request.brokerEpoch)),
        version: 3,
        topics: request.topics.map(({ topicId = '', partitions }) => ({
          topicId,
          partitions: partitions.map((asked) => ({
            partition: asked.partitionIndex,
            leaderEpoch: leaderEpoch(asked.leaderEpoch),
            partitionEpoch: partitionEpoch(asked.partitionEpoch),
            isRecovering: false,
            isr: (asked.newIsrWithEpochs ?? []).map((member) => ({
              id: brokerId(member.brokerId),
              epoch: brokerEpoch(Number(member.brokerEpoch ?? -1n)),
            })),
          })),
        })),
      },
      {
        registered: this.registered,
        topicOf: (id) => (id === TOPIC_ID ? TOPIC : undefined),
        viewOf: ({ partition }) => ({
          assignment: this.partitions.get(partition)?.replicas ?? [],
          current: this.partitions.get(partition),
          live: this.registered,
        }),
      },
    );
    if (decision.kind === 'refused') return { throttleTimeMs: 0, errorCode: ERRORS[decision.error].code, topics: [] };
    const partitions = decision.partitions.map(({ partition, decision: each }) => {
      if (each.kind === 'refused') return resultOf(partition, undefined, ERRORS[each.error].code);
      if (each.kind === 'write') {
        const epoch = partitionEpoch(each.next.partitionEpoch + 1);
        this.partitions.set(partition, { ...this.stateOf(partition), ...each.next, partitionEpoch: epoch });
      }
      return resultOf(partition, this.stateOf(partition), 0);
    });
    return { throttleTimeMs: 0, errorCode: 0, topics: [{ topicName: '', topicId: TOPIC_ID, partitions }] };
  }

  #stateFor(partition: number): LeaderAndIsrRequest['topicStates'][number]['partitionStates'][number] {
    const { leader, isr, replicas, isNew, ...epochs } = this.stateOf(partition);
    return {
      topicName: '',
      partitionIndex: partition,
      controllerEpoch: this.epoch,
      leader: leader ?? -1,
      leaderEpoch: epochs.leaderEpoch,
      isr,
      partitionEpoch: epochs.partitionEpoch,
      replicas,
      addingReplicas: [],
      removingReplicas: [],
      isNew,
      leaderRecoveryState: 0,
    };
  }
}

const resultOf = (partitionIndex: number, state: Stated | undefined, errorCode: number) => ({
  partitionIndex,
  errorCode,
  leaderId: state?.leader ?? -1,
  leaderEpoch: state?.leaderEpoch ?? -1,
  isr: state?.isr ?? [],
  leaderRecoveryState: 0,
  partitionEpoch: state?.partitionEpoch ?? -1,
});
