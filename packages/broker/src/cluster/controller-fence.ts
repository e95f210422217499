import { type ControllerEpoch, controllerEpoch } from '@barnabas/model';

/**
 * The greatest controller epoch that this broker has been told of, by whichever control request (rule 1). There is one for
 * the whole broker: a controller that LeaderAndIsr has replaced cannot come back through UpdateMetadata.
 *
 * Invariant: `lastEpoch` never goes back.
 */
export class ControllerFence {
  #lastEpoch = controllerEpoch(-1);

  /** -1 before the first control request. */
  get lastEpoch(): ControllerEpoch {
    return this.#lastEpoch;
  }

  /** Remembers `epoch`; false, and nothing changed, where a later one is known: STALE_CONTROLLER_EPOCH. */
  admits(epoch: ControllerEpoch): boolean {
    if (epoch < this.#lastEpoch) return false;
    this.#lastEpoch = epoch;
    return true;
  }
}
