import type { TxnLogFailedError } from './persistence-errors.ts';

type Waiter = { readonly zxid: number; readonly resolve: () => void; readonly reject: (error: Error) => void };

/** Up to which transaction all are durable, and who waits for one to be. */
export class DurabilityWaiters {
  #durableZxid: number;
  #failure: TxnLogFailedError | undefined;
  #waiting: Waiter[] = [];

  constructor(durableZxid: number) {
    this.#durableZxid = durableZxid;
  }

  get durableZxid(): number {
    return this.#durableZxid;
  }

  get failure(): TxnLogFailedError | undefined {
    return this.#failure;
  }

  /** Resolves when all up to `zxid` are durable, at once if they are; rejects if they never will be. */
  until(zxid: number): Promise<void> {
    if (zxid <= this.#durableZxid) return Promise.resolve();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ zxid, resolve, reject }));
  }

  durable(zxid: number): void {
    this.#durableZxid = zxid;
    const done = this.#waiting.filter((waiter) => waiter.zxid <= zxid);
    if (done.length === 0) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter.zxid > zxid);
    for (const { resolve } of done) resolve();
  }

  fail(failure: TxnLogFailedError): void {
    this.#failure = failure;
    const all = this.#waiting;
    this.#waiting = [];
    for (const { reject } of all) reject(failure);
  }
}
