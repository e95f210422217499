import { KafkaError } from '@barnabas/model';

/** Bytes that are not the JSON they should be; `at` is where in the bytes that were read. */
export class MalformedJsonError extends KafkaError {
  readonly at: number;

  constructor(reason: string, at: number) {
    super('INVALID_REQUEST', `${reason} at byte ${at}`);
    this.at = at;
  }
}
