import type { BrokerId } from '@barnabas/model';
import type { Door } from '../door/door.ts';

type Waiting = () => void;
type Queue = { running: number; readonly waiting: Set<Waiting> };

/**
 * Turns at fetching from other brokers. Readers' fetches travel on the stream of the followers' fetches, and one that waits
 * for something to come holds a place there: so only some of each leader's are under way, and while others queue they wait
 * but shortly.
 */
export class FetchTurns {
  readonly #door: Door;
  readonly #queues = new Map<BrokerId, Queue>();

  constructor(door: Door) {
    this.#door = door;
  }

  /**
   * Runs `fetch` when it is its turn, with how long it may wait at the leader. One that is aborted before gets its turn at
   * once, as it does not wait.
   */
  async run<T>(
    leader: BrokerId,
    waitMs: number,
    signal: AbortSignal,
    fetch: (waitMs: number) => Promise<T>,
  ): Promise<T> {
    if (leader === this.#door.brokerId) return await fetch(waitMs);
    const queue = this.#queueOf(leader);
    if (queue.running >= this.#door.limits.remoteFetchesPerBroker) await turnIn(queue, signal);
    queue.running += 1;
    try {
      const isContended = queue.running >= this.#door.limits.remoteFetchesPerBroker || queue.waiting.size > 0;
      return await fetch(isContended ? Math.min(waitMs, this.#door.limits.contendedWaitMs) : waitMs);
    } finally {
      queue.running -= 1;
      this.#next(leader, queue);
    }
  }

  #queueOf(leader: BrokerId): Queue {
    const queue = this.#queues.get(leader) ?? { running: 0, waiting: new Set() };
    this.#queues.set(leader, queue);
    return queue;
  }

  #next(leader: BrokerId, queue: Queue): void {
    const [next] = queue.waiting;
    if (next !== undefined) next();
    else if (queue.running === 0) this.#queues.delete(leader);
  }
}

const turnIn = ({ waiting }: Queue, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const start = () => {
      waiting.delete(start);
      signal.removeEventListener('abort', start);
      resolve();
    };
    waiting.add(start);
    signal.addEventListener('abort', start);
    if (signal.aborted) start();
  });
