import type { BrokerEpoch, BrokerId, Scheduler } from '@barnabas/model';
import { type PeerClient, PeerError, type PeerResponse } from '@barnabas/transport';
import type { Logger } from '../logger.ts';
import { type ControlBatch, mergeInto } from './control-batch.ts';
import { type ControlRequest, requestsOf } from './control-requests.ts';
import type { SenderSurroundings } from './sender-surroundings.ts';

/** What a broker has answered to one request. */
export type ControlAnswer = {
  readonly broker: BrokerId;
  /** The registration of the broker that was told. */
  readonly brokerEpoch: BrokerEpoch;
} & (
  | {
      readonly api: 'LeaderAndIsr';
      readonly request: Extract<ControlRequest, { api: 'LeaderAndIsr' }>['request'];
      readonly response: PeerResponse<'LeaderAndIsr'>;
    }
  | { readonly api: 'UpdateMetadata'; readonly response: PeerResponse<'UpdateMetadata'> }
  | {
      readonly api: 'StopReplica';
      readonly request: Extract<ControlRequest, { api: 'StopReplica' }>['request'];
      readonly response: PeerResponse<'StopReplica'>;
    }
);

const RETRY_MS = 100;
/** A broker that is stopping is not there any more a little before its session ends. */
const WARN_AT_ATTEMPT = 20;

/**
 * Tells one broker, in one registration of it, what there is to tell: one request in flight, each sent again until it is
 * answered. What comes meanwhile is put together, so that a broker that was slow or away gets few, large requests.
 *
 * Owned by Senders, which stops it when the broker goes, comes back under another epoch, or the term ends; nothing is sent
 * and no answer is passed on after that.
 */
export class BrokerSender {
  readonly client: PeerClient;
  readonly #broker: { readonly id: BrokerId; readonly epoch: BrokerEpoch };
  readonly #surroundings: SenderSurroundings;
  readonly #answered: (answer: ControlAnswer) => void;
  #waiting: ControlBatch[] = [];
  #isRunning = false;
  #isStopped = false;
  #endPause = (): void => {};

  constructor(
    broker: { readonly id: BrokerId; readonly epoch: BrokerEpoch },
    client: PeerClient,
    surroundings: SenderSurroundings,
    answered: (answer: ControlAnswer) => void,
  ) {
    this.client = client;
    this.#broker = broker;
    this.#surroundings = surroundings;
    this.#answered = answered;
  }

  /** The batch is the sender's from now on. */
  enqueue(batch: ControlBatch): void {
    const last = this.#waiting.at(-1);
    if (last === undefined || !mergeInto(last, batch)) this.#waiting.push(batch);
    if (!this.#isRunning) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
    this.#endPause();
    this.client.close().catch((error: unknown) => this.#logger.warn({ ...this.#place, err: error }, 'closing failed'));
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // What is put in by the event that runs now goes out together.
    await Promise.resolve();
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      const { controllerId, controllerEpoch } = this.#surroundings;
      const envelope = { controllerId, controllerEpoch, broker: this.#broker.id, brokerEpoch: this.#broker.epoch };
      for (const request of requestsOf(batch, envelope)) await this.#deliver(request);
    }
    this.#isRunning = false;
  }

  async #deliver(request: ControlRequest): Promise<void> {
    for (let attempt = 1; !this.#isStopped; attempt++) {
      try {
        const answer = await this.#ask(request);
        if (!this.#isStopped) this.#answered(answer);
        return;
      } catch (error) {
        if (this.#isStopped) return;
        if (!(error instanceof PeerError)) {
          this.#logger.error({ ...this.#place, api: request.api, err: error }, 'a request could not be sent');
          return;
        }
        const isNews = attempt === WARN_AT_ATTEMPT || (attempt === 1 && error.failure === 'deadline');
        const log = isNews ? this.#logger.warn : this.#logger.debug;
        log.call(this.#logger, { ...this.#place, api: request.api, attempt, err: error }, 'a broker did not answer');
      }
      await this.#pause();
    }
  }

  async #ask({ api, version, request }: ControlRequest): Promise<ControlAnswer> {
    const { id: broker, epoch: brokerEpoch } = this.#broker;
    const options = { deadlineMs: this.#surroundings.requestTimeoutMs };
    switch (api) {
      case 'LeaderAndIsr':
        return { broker, brokerEpoch, api, request, response: await this.client.send(api, version, request, options) };
      case 'UpdateMetadata':
        return { broker, brokerEpoch, api, response: await this.client.send(api, version, request, options) };
      case 'StopReplica':
        return { broker, brokerEpoch, api, request, response: await this.client.send(api, version, request, options) };
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#scheduler.after(RETRY_MS, resolve);
      this.#endPause = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  get #place(): { readonly broker: BrokerId; readonly brokerEpoch: BrokerEpoch } {
    return { broker: this.#broker.id, brokerEpoch: this.#broker.epoch };
  }

  get #logger(): Logger {
    return this.#surroundings.logger;
  }

  get #scheduler(): Scheduler {
    return this.#surroundings.scheduler;
  }
}
