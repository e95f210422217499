/** A connection as far as its output goes. */
export interface Indebted {
  /** Output that waits for the disk or for the client; 0 once nothing is sent any more. */
  readonly waitingBytes: number;
  /** Drops it, with one line in the log. */
  drop(reason: string): void;
}

/** The connections are gone through when so many parts of the budget have been said since the last time. */
const LOOKS_PER_BUDGET = 16;

/**
 * Keeps what all clients of a server together have waiting for them within a budget: above it, those that have the most
 * waiting are dropped. The listener owns it, and tells it of all that is said.
 */
export class OutputBudget {
  readonly #maxBytes: number;
  readonly #connections: Iterable<Indebted>;
  #saidBytes = 0;

  constructor(maxBytes: number, connections: Iterable<Indebted>) {
    this.#maxBytes = maxBytes;
    this.#connections = connections;
  }

  /** So much more was said to one of them. */
  said(bytes: number): void {
    this.#saidBytes += bytes;
    if (this.#saidBytes <= this.#maxBytes / LOOKS_PER_BUDGET) return;
    this.#saidBytes = 0;
    this.#dropDownToBudget();
  }

  #dropDownToBudget(): void {
    const debts = Array.from(this.#connections, (connection) => ({ connection, bytes: connection.waitingBytes }));
    let totalBytes = debts.reduce((sum, { bytes }) => sum + bytes, 0);
    if (totalBytes <= this.#maxBytes) return;
    for (const { connection, bytes } of debts.sort((a, b) => b.bytes - a.bytes)) {
      connection.drop(`${bytes} bytes wait for it, and ${totalBytes} for all clients together, which is too much`);
      totalBytes -= bytes;
      if (totalBytes <= this.#maxBytes) return;
    }
  }
}
