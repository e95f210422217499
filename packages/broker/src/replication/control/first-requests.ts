import type { LeaderAndIsrRequest } from '@barnabas/protocol';

type Sender = Pick<LeaderAndIsrRequest, 'brokerEpoch' | 'controllerEpoch'>;

/**
 * Which LeaderAndIsr is the first of a controller to a registration of this broker. It alone may be taken for full: a copy of
 * one that was held up on its way names nothing of what came to this broker since.
 */
export class FirstRequests {
  #last: Sender | undefined;

  /** To be called with every request that has passed the fences. */
  isFirst({ brokerEpoch, controllerEpoch }: Sender): boolean {
    const last = this.#last;
    this.#last = { brokerEpoch, controllerEpoch };
    return last?.brokerEpoch !== brokerEpoch || last.controllerEpoch !== controllerEpoch;
  }
}
