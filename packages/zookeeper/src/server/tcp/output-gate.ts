/** Something that is said to one client. What it is, only its receiver knows. */
export interface Receiver<Said> {
  /** Takes what may be sent by now, in the order in which it was said. */
  deliver(said: Said): void;
  /** Sends what was delivered since the last call, in one write. May bring new requests to execution. */
  flush(): void;
}

type Held<Said> = { readonly zxid: number; readonly receiver: Receiver<Said>; readonly said: Said };

/**
 * Holds back whatever is said to clients until every transaction that was logged before it is on the disk: not only the
 * answers to writes, but also those to reads, which may have seen what is not durable yet.
 *
 * The server shell owns it: it tells what was logged and what is durable, and calls `release` at the end of each event,
 * so that all that one event, or one round of the disk, sets free for a client goes out in one write.
 *
 * Invariant: something is held only while a logged transaction is not durable; so what need not be held cannot overtake
 * what is.
 */
export class OutputGate<Said> {
  #loggedZxid = 0;
  #durableZxid = 0;
  #isClosed = false;
  #isReleasing = false;
  #held: Held<Said>[] = [];
  #touched = new Set<Receiver<Said>>();

  /** All that is said from now on waits for this transaction. */
  logged(zxid: number): void {
    this.#loggedZxid = zxid;
  }

  /** All transactions up to this one are on the disk. */
  durable(zxid: number): void {
    this.#durableZxid = Math.max(this.#durableZxid, zxid);
    this.release();
  }

  /** Number of things that wait. */
  get heldCount(): number {
    return this.#held.length;
  }

  say(receiver: Receiver<Said>, said: Said): void {
    if (this.#isClosed) return;
    if (this.#loggedZxid > this.#durableZxid) {
      this.#held.push({ zxid: this.#loggedZxid, receiver, said });
    } else {
      receiver.deliver(said);
      this.#touched.add(receiver);
    }
  }

  /** Sends what may be sent. */
  release(): void {
    // Whoever is releasing goes on until nothing is left.
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    try {
      while (this.#deliverDue() || this.#touched.size > 0) this.#flushTouched();
    } finally {
      this.#isReleasing = false;
    }
  }

  /** Nothing is sent any more, neither what is held nor what is said from now on: the disk has failed. */
  shut(): void {
    this.#isClosed = true;
    this.#held = [];
    this.#touched.clear();
  }

  #deliverDue(): boolean {
    const firstLeft = this.#held.findIndex(({ zxid }) => zxid > this.#durableZxid);
    const due = firstLeft < 0 ? this.#held : this.#held.slice(0, firstLeft);
    if (due.length === 0) return false;
    this.#held = firstLeft < 0 ? [] : this.#held.slice(firstLeft);
    for (const { receiver, said } of due) {
      receiver.deliver(said);
      this.#touched.add(receiver);
    }
    return true;
  }

  #flushTouched(): void {
    const touched = this.#touched;
    this.#touched = new Set();
    for (const receiver of touched) receiver.flush();
  }
}
