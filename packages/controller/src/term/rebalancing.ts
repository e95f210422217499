import type { Timer } from '@barnabas/model';
import type { ControllerOptions } from '../controller-options.ts';

/** Kafka's own: brokers are back after a restart of the controller by then. */
const FIRST_AFTER_MS = 5000;

/** When leadership is given back to preferred leaders: 5 s after the term began, and then in intervals. */
export class Rebalancing {
  readonly #options: Pick<ControllerOptions, 'scheduler' | 'config'>;
  readonly #isDue: () => void;
  #timer: Timer | undefined;

  constructor(options: Pick<ControllerOptions, 'scheduler' | 'config'>, isDue: () => void) {
    this.#options = options;
    this.#isDue = isDue;
  }

  start(): void {
    const { scheduler, config } = this.#options;
    if (!config.autoLeaderRebalanceEnable) return;
    this.#timer = scheduler.after(FIRST_AFTER_MS, () => {
      this.#timer = scheduler.every(config.leaderImbalanceCheckIntervalMs, this.#isDue);
      this.#isDue();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
