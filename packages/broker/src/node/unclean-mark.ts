import type { BrokerId } from '@barnabas/model';
import type { LogDir } from '@barnabas/storage';
import type { ClusterImage } from '../cluster/cluster-image.ts';

/**
 * The mark of a broker that may lack what it had acknowledged (rule 5). It stands in the registration until the controller has
 * dealt with it: has taken the broker out of the ISRs, or chosen a leader with the mark in mind; a controller that is
 * elected later need not deal with it again. Until then the next start has it, too: see `doubt-file.ts`.
 *
 * Any controller speaks to a marked broker only once that is done. What may be left are partitions without a leader that count
 * on the broker.
 *
 * Invariant: once lifted it stays so. What comes after was fetched, or produced, in this life.
 */
export class UncleanMark {
  readonly #brokerId: BrokerId;
  #isSet: boolean;

  constructor(brokerId: BrokerId, isSet: boolean) {
    this.#brokerId = brokerId;
    this.#isSet = isSet;
  }

  get isSet(): boolean {
    return this.#isSet;
  }

  /**
   * Lifts the mark if it has been dealt with; true where it was lifted just now.
   *
   * @param image that the controller sent in answer to a registration with the mark
   */
  liftIfDealtWith(image: ClusterImage): boolean {
    if (!this.#isSet || !image.brokers.has(this.#brokerId)) return false;
    for (const { partitions } of image.topics.values()) {
      for (const { leader, isr } of partitions.values()) {
        if (leader === undefined && isr.includes(this.#brokerId)) return false;
      }
    }
    this.#isSet = false;
    return true;
  }
}

/** What `mayLackAcknowledged` goes by; a LogManager is one. */
export type FoundLogs = {
  readonly dirs: readonly Pick<LogDir, 'path' | 'wasClean' | 'cuts' | 'unusable' | 'missing'>[];
  readonly failures: readonly unknown[];
};

/**
 * Whether a broker may lack what it had acknowledged. With `log.flush=os` that is so after any stop that was not clean; with
 * `group` all that was acknowledged is on disk, and only a torn tail puts it in doubt (rule 6), or a directory that may have
 * been emptied.
 *
 * A log that is damaged or missing, or lies in a directory that cannot be used, is not led with; that is found out when it is to be. But
 * an election leaves the elected one alone in the ISR: elected first, it would shut out those that are sound.
 *
 * @param newDirs those that did not yet say whose they are
 */
export function mayLackAcknowledged(
  { dirs, failures }: FoundLogs,
  flushMode: 'group' | 'os',
  newDirs: ReadonlySet<string>,
): boolean {
  if (failures.length > 0) return true;
  return dirs.some(({ path, wasClean, cuts, unusable, missing }) => {
    const isTorn = !wasClean && (flushMode === 'os' || cuts.length > 0);
    return newDirs.has(path) || isTorn || unusable.size > 0 || missing.length > 0;
  });
}
