import type { Clock, Scheduler, Timer } from '@barnabas/model';

/** Items that are due within as much of each other come back together: those that failed together ask again together. */
const SLOT_MS = 10;

type Slot<T> = { readonly items: Set<T>; readonly timer: Timer };

/** Holds items back for a while, then hands over all that are due at once. Ends with `clear`. */
export class Delays<T> {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #onDue: (items: ReadonlySet<T>) => void;
  readonly #slots = new Map<number, Slot<T>>();

  constructor(clock: Clock, scheduler: Scheduler, onDue: (items: ReadonlySet<T>) => void) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#onDue = onDue;
  }

  add(item: T, delayMs: number): void {
    const nowMs = this.#clock.steadyMs();
    const dueMs = Math.ceil((nowMs + delayMs) / SLOT_MS) * SLOT_MS;
    const slot = this.#slots.get(dueMs) ?? this.#open(dueMs, dueMs - nowMs);
    slot.items.add(item);
  }

  /** Forgets all of them. */
  clear(): void {
    for (const { timer } of this.#slots.values()) timer.cancel();
    this.#slots.clear();
  }

  #open(dueMs: number, delayMs: number): Slot<T> {
    const items = new Set<T>();
    const timer = this.#scheduler.after(delayMs, () => {
      this.#slots.delete(dueMs);
      this.#onDue(items);
    });
    const slot = { items, timer };
    this.#slots.set(dueMs, slot);
    return slot;
  }
}
