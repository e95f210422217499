import type { BrokerProcess } from '../../support/cluster/broker-process.ts';
import type { Load } from '../load/load.ts';
import type { Scene } from '../support/scene.ts';

/** What a fault is given: all is well, and the topic is written to and read. */
export type Round = {
  readonly scene: Scene;
  readonly topic: string;
  readonly load: Load;
  /** From 1 on. */
  readonly number: number;
  /** Another load, by clients that know this broker alone; it ends with the round. */
  readonly loadOn: (broker: BrokerProcess) => Load;
};

export type Fault = {
  readonly name: string;
  /**
   * Inflicts it, makes sure that it has happened, and that records flow nevertheless; then heals what only an operator can.
   * Resolves when all brokers are ready. Rejects where any of it did not come about.
   */
  readonly inflict: (round: Round) => Promise<void>;
};
