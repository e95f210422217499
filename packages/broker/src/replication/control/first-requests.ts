import { isLaterSender, type Sender } from '../../cluster/sender.ts';

/**
 * Which LeaderAndIsr is the first of a controller to a registration of this broker. It alone may be taken for full: a copy of
 * one that was held up on its way names nothing of what came to this broker since.
 */
export class FirstRequests {
  #latest: Sender | undefined;

  /** To be called with every request that has passed the fences. */
  isFirst({ brokerEpoch, controllerEpoch }: Sender): boolean {
    const sender = { brokerEpoch, controllerEpoch };
    const isLater = this.#latest === undefined || isLaterSender(sender, this.#latest);
    if (isLater) this.#latest = sender;
    return isLater;
  }
}
