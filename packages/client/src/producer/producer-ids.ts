import { ClientError } from '../client-error.ts';
import { jsonOf } from '../http/ask.ts';
import type { Link } from '../http/link.ts';
import { malformed } from '../http/malformed.ts';
import type { Patience } from '../http/patience.ts';
import type { Route } from '../http/route.ts';
import type { ProducerIdentity } from './sequence.ts';

/**
 * Producer ids of one producer. Its partitions share the first one, since the sequences of partitions are independent of each
 * other; a partition that has used it up gets one of its own.
 */
export class ProducerIds {
  readonly #link: Link;
  #shared: ProducerIdentity | undefined;
  #asking: Promise<ProducerIdentity> | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** The shared one, by one attempt over `route` where there is none yet. */
  async shared(route: Route, patience: Patience): Promise<ProducerIdentity> {
    if (this.#shared !== undefined) return this.#shared;
    this.#asking ??= this.fresh(route, patience).finally(() => {
      this.#asking = undefined;
    });
    this.#shared = await this.#asking;
    return this.#shared;
  }

  /** One that nobody has, by one attempt. One that is never used does no harm. */
  async fresh(route: Route, patience: Patience): Promise<ProducerIdentity> {
    const limits = { timeoutMs: patience.requestTimeoutMs, signal: this.#link.closed };
    try {
      return identityOf(jsonOf(await route.send({ method: 'POST', path: '/v1/producers' }, limits)));
    } catch (error) {
      throw error instanceof ClientError ? error.with({ outcome: 'refused' }) : error;
    }
  }
}

/** `{producerId, producerEpoch}` */
function identityOf(answer: unknown): ProducerIdentity {
  const isObject = typeof answer === 'object' && answer !== null;
  if (isObject && 'producerId' in answer && 'producerEpoch' in answer) {
    const { producerId, producerEpoch } = answer;
    if (typeof producerId === 'number' && typeof producerEpoch === 'number')
      return { producerId, epoch: producerEpoch };
  }
  throw malformed('POST /v1/producers', 'refused');
}
