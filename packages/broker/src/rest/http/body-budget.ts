import { RestError } from './rest-error.ts';

/**
 * How many bytes of requests this broker holds at once. A request reserves what arrives, chunk by chunk, and gives all of
 * it back when it has been answered.
 */
export class BodyBudget {
  readonly #limitBytes: number;
  #reservedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get reservedBytes(): number {
    return this.#reservedBytes;
  }

  open(): Reservation {
    let ownBytes = 0;
    return {
      add: (bytes) => {
        if (this.#reservedBytes + bytes > this.#limitBytes) {
          throw new RestError(503, 'THROTTLING_QUOTA_EXCEEDED', 'the broker holds as many bytes of requests as it can');
        }
        ownBytes += bytes;
        this.#reservedBytes += bytes;
      },
      release: () => {
        this.#reservedBytes -= ownBytes;
        ownBytes = 0;
      },
    };
  }
}

export type Reservation = {
  /** @throws RestError 503 beyond the budget */
  add(bytes: number): void;
  release(): void;
};
