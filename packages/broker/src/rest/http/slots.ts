import { RestError } from './rest-error.ts';

/** Places for those who wait at the door. Each is given back once, whatever happens. */
export class Slots {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  /** @returns what gives the place back; a second call of it does nothing. @throws RestError 429 where there is none */
  take(): () => void {
    if (this.#taken >= this.#limit) {
      throw new RestError(
        429,
        'THROTTLING_QUOTA_EXCEEDED',
        `${this.#limit} readers are waiting at this broker already`,
      );
    }
    this.#taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken -= 1;
      isTaken = false;
    };
  }
}
