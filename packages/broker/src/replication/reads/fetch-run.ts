import type { Logger } from '../../logger.ts';
import type { Partition } from '../partition/partition.ts';
import type { FetchedPartition, FetchSpec, ReplicaNews } from '../replicas.ts';
import type { Deadlines, Expiring } from '../waits/deadlines.ts';
import { FetchItem, type Standing } from './fetch-item.ts';

type Readable = Standing & { kind: 'readable' };
type FindPartition = (asked: FetchSpec['partitions'][number]) => FetchItem['partition'];

/**
 * One fetch, from its arrival to its answer. It is answered once there are `minBytes`, an error or a divergence, the records
 * of a segment have come to their end, its time is over or nobody waits any longer. Until then it is parked on its
 * partitions, which cost nothing as long as nothing happens in them.
 *
 * A follower's position is taken in once, on arrival (rule 2): it is what the follower said when it asked.
 */
export class FetchRun implements Expiring {
  readonly #spec: FetchSpec;
  readonly #items: readonly FetchItem[];
  readonly #deadlines: Deadlines;
  #isOver = false;
  #isWoken = false;
  #wake: (() => void) | undefined;

  constructor(spec: FetchSpec, find: FindPartition, deadlines: Deadlines, logger: Logger) {
    this.#spec = spec;
    this.#items = spec.partitions.map((asked) => new FetchItem(asked, find(asked), spec, logger));
    this.#deadlines = deadlines;
  }

  async answer(): Promise<readonly FetchedPartition[]> {
    const refused = this.#takePositions();
    const isWanted =
      this.#spec.maxWaitMs > 0 && this.#spec.minBytes > 0 && this.#items.length > 0 && refused.size === 0;
    if (!isWanted) return this.#read(refused);
    if (this.#mayBeEnough()) {
      const found = await this.#read(refused);
      if (this.#isEnough(found)) return found;
      // There may have been news while it read, before it was parked.
      this.#isWoken = true;
    }
    return this.#wait(refused);
  }

  expire(): void {
    this.#isOver = true;
    this.#wakeUp();
  }

  /** Parked until there is enough; what is new while it reads is looked at before it is parked again. */
  async #wait(refused: ReadonlyMap<FetchItem, FetchedPartition>): Promise<readonly FetchedPartition[]> {
    const { signal, maxWaitMs } = this.#spec;
    const places = this.#items.map((item) => this.#park(item));
    const bucket = this.#deadlines.add(this, maxWaitMs);
    const onAbort = (): void => this.expire();
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) this.expire();
    try {
      for (;;) {
        await this.#woken();
        if (!this.#isOver && !this.#mayBeEnough()) continue;
        const found = await this.#read(refused);
        if (this.#isOver || this.#isEnough(found)) return found;
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.#deadlines.remove(this, bucket);
      for (const leave of places) leave();
    }
  }

  #park(item: FetchItem): () => void {
    if (typeof item.partition === 'string') return () => {};
    const { parked } = item.partition;
    const place = {
      onNews: (news: ReplicaNews): void => {
        if (item.mayCareFor(news)) this.#wakeUp();
      },
    };
    parked.add(place);
    return () => parked.delete(place);
  }

  #wakeUp(): void {
    this.#isWoken = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  async #woken(): Promise<void> {
    if (!this.#isWoken && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#isWoken = false;
  }

  /** Takes in where the follower is. What it cannot follow it is told at once. */
  #takePositions(): Map<FetchItem, FetchedPartition> {
    const refused = new Map<FetchItem, FetchedPartition>();
    const { replica } = this.#spec;
    if (replica === undefined) return refused;
    for (const item of this.#items) {
      const { asked } = item;
      if (item.standing().kind !== 'readable') continue;
      // Without an epoch it may follow somebody else (trap 3).
      const fault =
        asked.currentLeaderEpoch === undefined
          ? 'UNKNOWN_LEADER_EPOCH'
          : (item.partition as Partition).leadership?.followerFetched(
              replica.id,
              replica.epoch,
              asked.fetchOffset,
              asked.logStartOffset,
            );
      if (fault !== undefined) refused.set(item, item.answer({ kind: 'fault', error: fault }));
    }
    return refused;
  }

  /** Whether a read might find enough, by what is known without one. */
  #mayBeEnough(): boolean {
    let bytes = 0;
    for (const item of this.#items) {
      const standing = item.standing();
      if (standing.kind !== 'readable') return true;
      bytes += item.bytesAtMost(standing);
      if (bytes >= this.#spec.minBytes) return true;
    }
    return false;
  }

  #isEnough(found: readonly FetchedPartition[]): boolean {
    let bytes = 0;
    for (const [index, item] of this.#items.entries()) {
      const answer = found[index];
      const standing = item.standing();
      if (answer === undefined || answer.error !== undefined || standing.kind !== 'readable') return true;
      const sizeBytes = bytesOf(answer);
      if (sizeBytes > 0 && item.endsWithSegment(standing)) return true;
      bytes += sizeBytes;
    }
    return bytes >= this.#spec.minBytes;
  }

  /**
   * Reads in waves: as many partitions at a time as may be answered in full. The first one that has something is answered
   * with a whole batch at least, whatever the limits say (KIP-74).
   */
  async #read(refused: ReadonlyMap<FetchItem, FetchedPartition>): Promise<readonly FetchedPartition[]> {
    const answers = new Map<FetchItem, FetchedPartition>(refused);
    const readable: { readonly item: FetchItem; readonly standing: Readable }[] = [];
    for (const item of this.#items) {
      if (answers.has(item)) continue;
      const standing = item.standing();
      if (standing.kind === 'readable' && standing.readableEnd > item.asked.fetchOffset)
        readable.push({ item, standing });
      else answers.set(item, item.answer(standing));
    }
    let leftBytes = this.#spec.maxBytes;
    for (let at = 0; at < readable.length && (at === 0 || leftBytes > 0); ) {
      const wave: Promise<FetchedPartition>[] = [];
      const first = at;
      for (let wantedBytes = 0; at < readable.length; at++) {
        const next = readable[at];
        const mostBytes = next?.item.asked.maxBytes ?? 0;
        if (next === undefined || (at > first && wantedBytes + mostBytes > leftBytes)) break;
        wantedBytes += mostBytes;
        wave.push(next.item.read(next.standing, Math.max(0, Math.min(mostBytes, leftBytes)), at === 0));
      }
      const found = await Promise.all(wave);
      for (const [index, answer] of found.entries()) {
        const item = readable[first + index]?.item;
        if (item !== undefined) answers.set(item, answer);
        leftBytes -= bytesOf(answer);
      }
    }
    return this.#items.map((item) => answers.get(item) ?? item.answer(item.standing()));
  }
}

const bytesOf = ({ records }: FetchedPartition): number => records.reduce((sum, { byteLength }) => sum + byteLength, 0);
