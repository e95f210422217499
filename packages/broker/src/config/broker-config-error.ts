import { KafkaError } from '@barnabas/model';
import { describeOrigin, type Origin } from './origin.ts';

/** A broker cannot be configured like this; the message names the property, its value, what may be written, and where it stands. */
export class BrokerConfigError extends KafkaError {
  readonly property: string;

  /** @param origin undefined where the default is at fault, or nothing is set that has to be */
  constructor(property: string, problem: string, origin: Origin | undefined) {
    super('INVALID_CONFIG', `${property}: ${problem}${origin === undefined ? '' : ` (${describeOrigin(origin)})`}`);
    this.property = property;
  }
}
