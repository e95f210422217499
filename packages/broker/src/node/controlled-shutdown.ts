import { type BrokerEpoch, type BrokerId, ERRORS, errorByCode, type Scheduler } from '@barnabas/model';
import type { PeerResponse } from '@barnabas/transport';
import type { ClusterImage, ClusterView } from '../cluster/cluster-image.ts';
import type { Logger } from '../logger.ts';
import type { Requests } from '../peers/requests.ts';

export type ControlledShutdownOptions = {
  readonly brokerId: BrokerId;
  readonly brokerEpoch: () => BrokerEpoch | undefined;
  readonly cluster: ClusterView;
  readonly requests: Requests;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** `controlled.shutdown.max.retries`: how often it is tried, all in all. */
  readonly attempts: number;
  /** `controlled.shutdown.retry.backoff.ms` */
  readonly backoffMs: number;
  /** `controller.socket.timeout.ms` */
  readonly requestTimeoutMs: number;
};

const VERSION = 3;
/** What the controller has written it tells at once: longer, and it is no longer there to tell. */
const HEAR_MAX_MS = 1000;

type Remaining = PeerResponse<'ControlledShutdown'>['remainingPartitions'];

/**
 * Asks the controller to move what this broker leads to others, until nothing is left that another could lead, and waits until
 * this broker has heard who leads it now: then it answers whoever waits here for what it led, and passes on what still comes.
 * False where that did not come about: then the others find out by the end of the session. Never rejects.
 */
export async function shutDownControlled(options: ControlledShutdownOptions): Promise<boolean> {
  const { attempts, logger } = options;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const outcome = await ask(options).catch((error: unknown) => ({ problem: describe(error) }));
    if ('remaining' in outcome) {
      const movable = outcome.remaining.filter((partition) => canMove(options, partition));
      if (movable.length === 0) {
        await whenHeard(options, outcome.remaining);
        return true;
      }
      logger.info({ attempt, remaining: movable.length }, 'the controller has yet to move partitions away');
    } else {
      logger.warn({ attempt, reason: outcome.problem }, 'the controller did not take the controlled shutdown');
      if (isAlone(options)) return false;
    }
    if (attempt < attempts) await pause(options);
  }
  return false;
}

async function ask(
  options: ControlledShutdownOptions,
): Promise<{ readonly remaining: Remaining } | { readonly problem: string }> {
  const { brokerId, requests, cluster, requestTimeoutMs } = options;
  const epoch = options.brokerEpoch();
  const { controllerId } = cluster.image;
  if (epoch === undefined || controllerId === undefined) return { problem: 'no controller is known' };
  const request = { brokerId, brokerEpoch: BigInt(epoch) };
  const response = await requests.ask(controllerId, 'ControlledShutdown', VERSION, request, {
    deadlineMs: requestTimeoutMs,
  });
  if (response.errorCode !== ERRORS.NONE.code) return { problem: errorByCode(response.errorCode).name };
  return { remaining: response.remainingPartitions };
}

/** Whether another live broker has a replica: where none has, there is nothing to wait for. */
function canMove(
  { brokerId, cluster: { image } }: ControlledShutdownOptions,
  { topicName, partitionIndex }: Remaining[number],
): boolean {
  const replicas = image.topics.get(topicName)?.partitions.get(partitionIndex)?.replicas ?? [];
  return replicas.some((replica) => replica !== brokerId && image.brokers.has(replica));
}

/** Resolves when the cluster image has this broker as the leader of no more than what remains, or hardly ever will. */
function whenHeard({ brokerId, cluster, scheduler }: ControlledShutdownOptions, remaining: Remaining): Promise<void> {
  const kept = new Set(remaining.map(({ topicName, partitionIndex }) => `${topicName}-${partitionIndex}`));
  const hasHeard = ({ topics }: ClusterImage): boolean =>
    [...topics.values()].every(({ name, partitions }) =>
      partitions.entries().every(([partition, { leader }]) => leader !== brokerId || kept.has(`${name}-${partition}`)),
    );
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      stopListening();
      resolve();
    };
    const timer = scheduler.after(HEAR_MAX_MS, end);
    const stopListening = cluster.onChange((image) => {
      if (hasHeard(image)) end();
    });
    if (hasHeard(cluster.image)) end();
  });
}

function isAlone({ brokerId, cluster }: ControlledShutdownOptions): boolean {
  const { brokers }: ClusterImage = cluster.image;
  return [...brokers.keys()].every((id) => id === brokerId);
}

function pause({ scheduler, backoffMs }: ControlledShutdownOptions): Promise<void> {
  return new Promise((resolve) => {
    scheduler.after(backoffMs, resolve);
  });
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
