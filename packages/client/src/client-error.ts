import { type ErrorName, KafkaError } from '@barnabas/model';

/**
 * What is known of what failed. `refused`: it certainly did not happen. `unknown`: it may have happened, or may yet. Reads
 * change nothing; theirs is always `refused`.
 */
export type Outcome = 'refused' | 'unknown';

export type ClientErrorOptions = ErrorOptions & {
  readonly outcome: Outcome;
  /** Whether asking again may help. */
  readonly isRetriable: boolean;
  /** HTTP status, where a server answered. */
  readonly status?: number;
};

/**
 * What was asked for failed, under the name that Kafka's error table has for it: NETWORK_EXCEPTION where no server could be
 * reached or a connection broke, REQUEST_TIMED_OUT where no answer came in time, and otherwise the server's own.
 */
export class ClientError extends KafkaError {
  readonly outcome: Outcome;
  readonly isRetriable: boolean;
  readonly status: number | undefined;

  constructor(error: ErrorName, message: string, { outcome, isRetriable, status, ...options }: ClientErrorOptions) {
    super(error, message, options);
    this.outcome = outcome;
    this.isRetriable = isRetriable;
    this.status = status;
  }

  /** The same, but for what more is known of it. */
  with(known: { readonly outcome?: Outcome; readonly isRetriable?: boolean }): ClientError {
    const { outcome, isRetriable, status } = { ...this, ...known };
    if (outcome === this.outcome && isRetriable === this.isRetriable) return this;
    const options = { outcome, isRetriable, cause: this };
    return new ClientError(this.error, this.message, status === undefined ? options : { ...options, status });
  }
}

/** The client, or the part of it that was asked, has been closed. */
export class ClientClosedError extends ClientError {
  constructor(outcome: Outcome = 'refused') {
    super('NETWORK_EXCEPTION', 'the client has been closed', { outcome, isRetriable: false });
  }
}
