import { type BrokerEpoch, type BrokerId, errorByCode, type Scheduler, type Timer } from '@barnabas/model';
import { PeerError } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Coordination } from '../../coordination/coordination.ts';
import type { Logger } from '../../logger.ts';
import type { Requests } from '../../peers/requests.ts';
import type { IsrAnswer, IsrProposal, IsrProposals } from '../partition/isr-state.ts';
import { ALTER_PARTITION_VERSION, alterPartitionRequest, answersOf, proposalKey } from './alter-partition-message.ts';

export type IsrManagerOptions = {
  readonly localId: BrokerId;
  readonly requests: Requests;
  readonly cluster: ClusterView;
  readonly coordination: Coordination;
  readonly scheduler: Pick<Scheduler, 'after'>;
  readonly logger: Logger;
  /** How long to wait for the controller's answer. */
  readonly deadlineMs: number;
};

/** Between two attempts. */
const RETRY_MS = 50;

type Queued = {
  readonly proposal: IsrProposal;
  readonly onAnswer: (answer: IsrAnswer) => void;
  /** It has been sent, and what became of it is not known: it may still be written, whatever a later attempt is answered. */
  isInDoubt: boolean;
};

/**
 * Takes what the leaders of this broker propose for their ISRs to the controller: one request at a time, with all that has
 * come meanwhile, and again every 50 ms for as long as there is no answer. One request to a controller that has been
 * replaced is not waited for.
 *
 * Without a session that is connected nothing is sent: ISR changes wait, produce and fetch go on (rule 1).
 *
 * Ends with `close`. Invariant: a proposal is answered once, and not after it was withdrawn.
 *
 * Source: Kafka's AlterPartitionManager.
 */
export class IsrManager implements IsrProposals {
  readonly #options: IsrManagerOptions;
  readonly #queue = new Map<string, Queued>();
  readonly #stopWatching: () => void;
  /** The request under way; the answer to another one is thrown away. */
  #attempt: { readonly controller: BrokerId; readonly abort: AbortController } | undefined;
  #isStarting = false;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(options: IsrManagerOptions) {
    this.#options = options;
    this.#stopWatching = options.cluster.onChange(() => this.#onCluster());
  }

  propose(proposal: IsrProposal, onAnswer: Queued['onAnswer']): void {
    this.#queue.set(keyOf(proposal), { proposal, onAnswer, isInDoubt: false });
    this.#start();
  }

  withdraw(proposal: IsrProposal): void {
    const key = keyOf(proposal);
    if (this.#queue.get(key)?.proposal === proposal) this.#queue.delete(key);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWatching();
    this.#timer?.cancel();
    this.#queue.clear();
    this.#attempt?.abort.abort();
    this.#attempt = undefined;
  }

  /** Lets the code that is running end first, so that what one fetch brings about is proposed together. */
  #start(): void {
    if (this.#isStarting || this.#attempt !== undefined || this.#timer !== undefined || this.#isClosed) return;
    this.#isStarting = true;
    void Promise.resolve().then(() => {
      this.#isStarting = false;
      return this.#send();
    });
  }

  async #send(): Promise<void> {
    if (this.#queue.size === 0 || this.#isClosed) return;
    const { cluster, coordination } = this.#options;
    const controller = cluster.image.controllerId;
    const epoch = coordination.brokerEpoch;
    const isConnected = coordination.session?.state === 'CONNECTED';
    if (controller === undefined || epoch === undefined || !isConnected) this.#pause();
    else await this.#ask(controller, epoch);
  }

  async #ask(controller: BrokerId, ownEpoch: BrokerEpoch): Promise<void> {
    const { requests, localId, deadlineMs, logger } = this.#options;
    const attempt = { controller, abort: new AbortController() };
    this.#attempt = attempt;
    const sent = new Map(this.#queue);
    const proposals = Array.from(sent.values(), ({ proposal }) => proposal);
    const request = alterPartitionRequest(proposals, localId, ownEpoch);
    const options = { deadlineMs, signal: attempt.abort.signal };
    let answers: ReadonlyMap<string, IsrAnswer | undefined> | undefined;
    try {
      const response = await requests.ask(controller, 'AlterPartition', ALTER_PARTITION_VERSION, request, options);
      const error = errorByCode(response.errorCode).name;
      if (error === 'NONE') answers = answersOf(response);
      else logger.warn({ error, controller }, 'the controller has not taken proposals of ISRs; they are sent again');
    } catch (err) {
      const isRefused = err instanceof PeerError && err.outcome === 'refused';
      if (!isRefused) for (const queued of sent.values()) queued.isInDoubt = true;
      if (!attempt.abort.signal.aborted) {
        logger.warn({ err, controller }, 'the controller could not be asked for other ISRs; it is asked again');
      }
    }
    if (this.#attempt !== attempt) return;
    this.#attempt = undefined;
    if (answers === undefined) this.#pause();
    else this.#deliver(sent, answers);
  }

  #deliver(sent: ReadonlyMap<string, Queued>, answers: ReadonlyMap<string, IsrAnswer | undefined>): void {
    let isUndecided = false;
    for (const [key, queued] of sent) {
      // Withdrawn meanwhile, or another one has taken its place.
      if (this.#queue.get(key) !== queued) continue;
      const answer = answers.get(key);
      if (answer === undefined) isUndecided = true;
      else {
        this.#queue.delete(key);
        queued.onAnswer(queued.isInDoubt && answer.kind === 'ineligible' ? { kind: 'outOfDate' } : answer);
      }
    }
    if (isUndecided) this.#pause();
    else this.#start();
  }

  #pause(): void {
    if (this.#isClosed || this.#timer !== undefined || this.#queue.size === 0) return;
    this.#timer = this.#options.scheduler.after(RETRY_MS, () => {
      this.#timer = undefined;
      this.#start();
    });
  }

  #onCluster(): void {
    const { controllerId } = this.#options.cluster.image;
    if (this.#attempt === undefined || controllerId === undefined || this.#attempt.controller === controllerId) return;
    this.#attempt.abort.abort();
    this.#attempt = undefined;
    this.#start();
  }
}

const keyOf = ({ topicId, topicPartition }: IsrProposal): string => proposalKey(topicId, topicPartition.partition);
