import type { BrokerId } from '@barnabas/model';
import type { PeerClient } from '@barnabas/transport';
import type { RegisteredBroker } from '../cluster/registered-broker.ts';
import type { ControllerOptions } from '../controller-options.ts';
import { BrokerSender, type ControlAnswer } from './broker-sender.ts';
import type { ControlBatch } from './control-batch.ts';
import type { SenderSurroundings } from './sender-surroundings.ts';

/** One sender for each broker that is registered. Owned by the term, and stopped with it. */
export class Senders {
  readonly #options: Pick<ControllerOptions, 'connect' | 'peerListener'>;
  readonly #surroundings: SenderSurroundings;
  readonly #answered: (answer: ControlAnswer) => void;
  readonly #byBroker = new Map<BrokerId, BrokerSender>();

  constructor(
    options: Pick<ControllerOptions, 'connect' | 'peerListener'>,
    surroundings: SenderSurroundings,
    answered: (answer: ControlAnswer) => void,
  ) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#answered = answered;
  }

  /** The broker has come, or can be reached elsewhere: what an earlier sender has not yet sent is dropped. */
  start(broker: RegisteredBroker): void {
    this.stop(broker.id);
    const { peerListener } = this.#options;
    const endpoint = broker.endpoints.find(({ listener }) => listener === peerListener);
    if (endpoint === undefined) {
      const fields = { broker: broker.id, listener: peerListener };
      this.#surroundings.logger.error(fields, 'a broker has no such listener, and cannot be told anything');
      return;
    }
    const client = this.#options.connect({ id: broker.id, endpoint });
    this.#byBroker.set(broker.id, new BrokerSender(broker, client, this.#surroundings, this.#answered));
  }

  stop(broker: BrokerId): void {
    this.#byBroker.get(broker)?.stop();
    this.#byBroker.delete(broker);
  }

  stopAll(): void {
    for (const broker of [...this.#byBroker.keys()]) this.stop(broker);
  }

  send(broker: BrokerId, batch: ControlBatch): void {
    this.#byBroker.get(broker)?.enqueue(batch);
  }

  /** For requests of other kinds; undefined where the broker cannot be reached. */
  clientOf(broker: BrokerId): PeerClient | undefined {
    return this.#byBroker.get(broker)?.client;
  }
}
