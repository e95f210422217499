import { ShadowLog } from '../observe/shadow-log.ts';

/** What a topic was created with, as far as it matters for what may be expected of it. */
export type TopicPromise = {
  readonly minInsyncReplicas: number;
  /** unclean.leader.election.enable: records may be lost, and a topic's own replicas may disagree for a while. */
  readonly mayLose: boolean;
};

/**
 * What is known of one partition from outside: what was appended to it anywhere, and what was committed. Lives as long as the
 * id of its topic.
 */
export class PartitionModel {
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  readonly promise: TopicPromise;
  /** All that some leader has held to be committed. Grows, and nothing in it changes, but for `reset`. */
  readonly truth = new ShadowLog();
  /** How often committed records were lost in a way that is allowed. */
  resets = 0;
  /** Up to where the leader of each epoch has committed. */
  readonly #committed = new Map<number, number>();
  /** Who leads, by leader epoch: of the broker's own acts, and of what ZooKeeper says. */
  readonly leaders = new Map<number, string>();
  readonly elected = new Map<number, number>();
  /**
   * Machines that lost what they had said to have, in a way that nothing protects from, and that may still be counted on for it; with
   * the registration under which they had said so.
   */
  readonly suspects = new Map<number, number | undefined>();
  /** Nobody in sync is left of whom it could be asked to have everything. */
  isLost = false;
  readonly #chains = new Map<string, number>();
  readonly #crcs = new Set<number>();
  readonly #refused = new Set<number>();

  constructor(topicId: string, topic: string, partition: number, promise: TopicPromise) {
    this.topicId = topicId;
    this.topic = topic;
    this.partition = partition;
    this.promise = promise;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  noteCommitted(epoch: number, end: number): void {
    this.#committed.set(epoch, end);
  }

  /** Up to where every leader from that epoch on has to have all. What was committed later it may lack, if it is late itself. */
  committedBefore(epoch: number): number {
    const ends = [...this.#committed].filter(([earlier]) => earlier < epoch).map(([, end]) => end);
    return Math.max(0, ...ends);
  }

  /** Of the batch at that place in that epoch, together with all before it; undefined where there never was one. */
  chainOf(base: number, epoch: number): number | undefined {
    return this.#chains.get(`${base} ${epoch}`);
  }

  noteAppended(base: number, epoch: number, chain: number, crc: number): void {
    this.#chains.set(`${base} ${epoch}`, chain);
    this.#crcs.add(crc);
  }

  wasAppended(crc: number): boolean {
    return this.#crcs.has(crc);
  }

  /** A producer was told that this was not appended, by an answer that leaves no doubt. */
  refuse(crc: number): void {
    this.#refused.add(crc);
  }

  isRefused(crc: number): boolean {
    return this.#refused.has(crc);
  }

  /** What lies beyond `end` is lost, and nobody is to blame. */
  reset(end: number): void {
    this.truth.cutTo(end);
    for (const [epoch, committed] of this.#committed) this.#committed.set(epoch, Math.min(committed, end));
    this.resets++;
    this.isLost = false;
    this.suspects.clear();
  }
}
