import { KafkaError } from '@barnabas/model';

/** Another broker has become controller: whoever gets this is none any more, and none of what it asked for was done. */
export class ControllerMovedError extends KafkaError {
  constructor(options?: ErrorOptions) {
    super('STALE_CONTROLLER_EPOCH', 'another broker has become the controller', options);
  }
}
