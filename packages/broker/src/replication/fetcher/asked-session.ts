import { type FetchedReplica, type FetchPosition, isSamePosition } from './fetched-replica.ts';

/** The session epoch that opens one, and the highest; after that it goes on at 1. */
const INITIAL_EPOCH = 0;
const MAX_EPOCH = 0x7fff_ffff;
const NO_SESSION = 0;

/** What the leader has of a partition in its session, as far as it has been told. */
type Held = {
  readonly replica: FetchedReplica;
  /** undefined: it has to be told again. */
  position: FetchPosition | undefined;
  /** The request that told it. */
  readonly sinceNumber: number;
};

/** One fetch, without what is the same in all of them. */
export type SessionRequest = {
  readonly number: number;
  readonly generation: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly listed: readonly { readonly replica: FetchedReplica; readonly position: FetchPosition }[];
  readonly forgotten: readonly FetchedReplica[];
};

/**
 * The follower's side of a fetch session (KIP-227): knows what the leader knows, and makes requests of what has changed.
 * Of a full request it lists all that is ready.
 *
 * More than one request may be in flight. The leader answers those before the last at once, so the answer of one may carry
 * what that of the next carries again; `isAsked` tells whether an answer is one to what would be asked now.
 *
 * Invariant: what is neither held nor among the changed is not ready.
 */
export class AskedSession {
  readonly #replicas: ReadonlyMap<string, FetchedReplica>;
  readonly #held = new Map<string, Held>();
  readonly #changed = new Set<string>();
  #id = NO_SESSION;
  #epoch = INITIAL_EPOCH;
  #generation = 0;
  #lastNumber = 0;
  #isRefused = false;

  /** @param replicas all that are fetched from this leader, by key; its owner tells of every change with `touch` */
  constructor(replicas: ReadonlyMap<string, FetchedReplica>) {
    this.#replicas = replicas;
  }

  /** Whether the leader keeps the session, so that another request may go out before this one is answered. */
  get isOpen(): boolean {
    return this.#epoch !== INITIAL_EPOCH;
  }

  /** Whether the leader had no room for a session when it was asked last. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Something may have changed: its state, where it stands, whether it is there at all. */
  touch(key: string): void {
    this.#changed.add(key);
  }

  /** Has it told to the leader once more, and with it all that the leader has to tell in turn. */
  distrust(key: string): void {
    const held = this.#held.get(key);
    if (held !== undefined) held.position = undefined;
    this.touch(key);
  }

  /**
   * What the answer to `request` had for a partition has been thrown away. If the leader has been told of it in a later
   * request, it says it again by itself; telling it once more would make that answer useless in turn, and so on for ever.
   */
  onThrownAway(request: SessionRequest, key: string): void {
    const held = this.#held.get(key);
    if (held !== undefined && held.sinceNumber <= request.number) this.distrust(key);
  }

  /** Whether a request made now would ask for something that the last one did not. */
  hasMoreToAsk(): boolean {
    for (const key of this.#changed) {
      const replica = this.#replicas.get(key);
      if (replica !== undefined && this.#toTell(replica) !== undefined) return true;
    }
    return false;
  }

  next(): SessionRequest {
    const number = ++this.#lastNumber;
    const isFull = !this.isOpen;
    if (isFull) {
      this.#held.clear();
      for (const key of this.#replicas.keys()) this.touch(key);
    }
    const request = {
      number,
      generation: this.#generation,
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      forgotten: this.#forget(),
      listed: this.#list(number),
    };
    if (!isFull) this.#epoch = this.#epoch === MAX_EPOCH ? 1 : this.#epoch + 1;
    return request;
  }

  /** The leader has answered a request. @param sessionId 0: it has no room for a session */
  onAnswer({ generation, sessionEpoch }: SessionRequest, sessionId: number): void {
    if (generation !== this.#generation || sessionEpoch !== INITIAL_EPOCH) return;
    this.#id = sessionId;
    this.#isRefused = sessionId === NO_SESSION;
    this.#epoch = sessionId === NO_SESSION ? INITIAL_EPOCH : 1;
  }

  /** The leader does not have the session any more, or may not have seen the last request of it. */
  beginAnew(): void {
    this.#generation++;
    this.#epoch = INITIAL_EPOCH;
  }

  isCurrent({ generation }: SessionRequest): boolean {
    return generation === this.#generation;
  }

  /** Whether the answer to `request` is one to what would be asked for this replica now. */
  isAsked(request: SessionRequest, replica: FetchedReplica): boolean {
    const held = this.#held.get(replica.key);
    return (
      held?.replica === replica &&
      held.position !== undefined &&
      held.sinceNumber <= request.number &&
      replica.state === 'ready' &&
      isSamePosition(held.position, replica.position)
    );
  }

  /** What the leader has and should not; takes it out of the changed. */
  #forget(): FetchedReplica[] {
    const forgotten: FetchedReplica[] = [];
    for (const key of this.#changed) {
      const replica = this.#replicas.get(key);
      if (replica?.state === 'ready') continue;
      this.#changed.delete(key);
      const held = this.#held.get(key);
      if (held === undefined) continue;
      this.#held.delete(key);
      forgotten.push(held.replica);
    }
    return forgotten;
  }

  #list(number: number): SessionRequest['listed'][number][] {
    const listed: SessionRequest['listed'][number][] = [];
    for (const key of this.#changed) {
      const replica = this.#replicas.get(key);
      const position = replica === undefined ? undefined : this.#toTell(replica);
      if (replica === undefined || position === undefined) continue;
      this.#held.set(key, { replica, position, sinceNumber: number });
      listed.push({ replica, position });
    }
    this.#changed.clear();
    return listed;
  }

  /** Where the replica stands, if the leader does not know. */
  #toTell(replica: FetchedReplica): FetchPosition | undefined {
    if (replica.state !== 'ready') return undefined;
    const held = this.#held.get(replica.key);
    const { position } = replica;
    const isKnown = held?.replica === replica && held.position !== undefined && isSamePosition(held.position, position);
    return isKnown ? undefined : position;
  }
}
