import type { PartitionState } from '@barnabas/zookeeper';
import type { BrokerProcess } from '../../support/cluster/broker-process.ts';
import { until } from '../../support/until.ts';
import type { Round } from '../faults/fault.ts';
import { PARTITIONS } from './scene.ts';

const HAPPEN_MAX_MS = 30_000;

export function statesOf({ scene, topic }: Round): Promise<PartitionState[]> {
  return scene.witness.partitions(topic, PARTITIONS);
}

/** Resolves when what the broker led has another leader in a later epoch, and it is in sync with none of them. */
export async function whenReplaced(round: Round, broker: BrokerProcess, before: PartitionState[]): Promise<void> {
  await until(`broker ${broker.id} is replaced`, HAPPEN_MAX_MS, async () => {
    const states = await statesOf(round);
    const isReplaced = states.every(({ leader, leaderEpoch, isr }, partition) => {
      const led = before[partition];
      if (isr.some((id) => id === broker.id) || leader === undefined) return false;
      return led?.leader !== broker.id || (leader !== broker.id && leaderEpoch > led.leaderEpoch);
    });
    return isReplaced ? true : undefined;
  });
}

/** Resolves with the epoch of the broker's registration, as soon as there is one that is later than `before`. */
export function whenRegistered({ scene }: Round, { id }: BrokerProcess, before = -1): Promise<number> {
  return until(`broker ${id} is registered`, HAPPEN_MAX_MS, async () => {
    const epoch = await scene.witness.brokerEpoch(id);
    return epoch !== undefined && epoch > before ? epoch : undefined;
  });
}

/** Resolves when ZooKeeper no longer has the broker. */
export async function whenUnregistered({ scene }: Round, { id }: BrokerProcess): Promise<void> {
  await until(`the registration of broker ${id} is gone`, HAPPEN_MAX_MS, async () =>
    (await scene.witness.brokerEpoch(id)) === undefined ? true : undefined,
  );
}

/** Starts a broker that does not run. Resolves when it is in sync with all of the topic. */
export async function bringBack({ scene, topic }: Round, broker: BrokerProcess): Promise<void> {
  broker.start();
  await broker.whenReady();
  await scene.cluster.whenInSync(topic);
}
