import type { Acl } from '../operation/acl.ts';
import type { SessionCreateMode } from '../operation/create-mode.ts';
import type { Stat } from '../operation/stat.ts';
import type { WatchEventType } from '../operation/watch.ts';

/**
 * CONNECTED: requests are sent.
 * SUSPENDED: there is no server to talk to, or no answer by way of the leader for two thirds of the session timeout. The session may
 *   still be alive, and so may its ephemeral znodes. Requests fail at once.
 * LOST: the session is over, or has to be taken for it: its ephemeral znodes are gone or will be. This state is the last.
 */
export type SessionState = 'CONNECTED' | 'SUSPENDED' | 'LOST';

/**
 * Why a watch fired. `reconnected`: the connection was a new one, and what happened in between is not known. Either way it
 * says that the znode is dirty, never what is there now: read again, and watch again with that read.
 */
export type DirtyReason = WatchEventType | 'reconnected';

/** What a watch is told: once, and then no more. */
export type DirtyEvent = {
  readonly path: string;
  readonly reason: DirtyReason;
  /** The session that watched. */
  readonly generation: number;
};

/**
 * Called once, at the first change after the read that armed it, or when the session is connected anew; never once the
 * session is LOST. The same function on the same path, armed by several reads of the same kind, is called once for all.
 */
export type Watcher = (event: DirtyEvent) => void;

export type StateEvent = {
  readonly state: SessionState;
  /** Why, in words for a log. */
  readonly reason: string;
  readonly generation: number;
};

export type CallOptions = {
  /** How long to wait for the answer, Infinity for ever; then OPERATION_TIMEOUT, with outcome unknown if it was sent. */
  readonly deadlineMs?: number;
};

export type WaitOptions = CallOptions & {
  /** Wait so long before, connected or not: for who asks again what a busy server has refused. */
  readonly delayMs?: number;
};

export type ReadOptions = CallOptions & { readonly watch?: Watcher };

export type CreateOptions = CallOptions & {
  /** `persistent` unless said otherwise. */
  readonly mode?: SessionCreateMode;
  /** Open to everyone unless said otherwise. */
  readonly acl?: readonly Acl[];
};

/** One step of a transaction. `version` must be that of the znode, or ANY_VERSION. */
export type TransactionOp =
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data: Uint8Array | null;
      readonly mode?: SessionCreateMode;
      readonly acl?: readonly Acl[];
    }
  | { readonly type: 'set'; readonly path: string; readonly data: Uint8Array | null; readonly version: number }
  | { readonly type: 'delete' | 'check'; readonly path: string; readonly version: number };

/** What a step came to, in the order of the steps. */
export type TransactionResult =
  | { readonly type: 'create'; readonly path: string }
  | { readonly type: 'set'; readonly stat: Stat }
  | { readonly type: 'delete' | 'check' };

/**
 * One session with a ZooKeeper ensemble, from its start to LOST; the next one is another object with the next generation,
 * so that nothing begun under one session is ever sent under another.
 *
 * Requests are sent in the order of the calls and executed in that order. Watchers, state listeners and answers are told
 * one after the other, in the order in which the server sent them: a watcher hears of a change before any read shows it.
 * Every path is below the chroot, and so is every path that comes back.
 *
 * Every call rejects with `ZooKeeperError`: what the server said; CONNECTION_LOSS where the session is suspended or
 * becomes so; SESSION_EXPIRED once it is LOST; OPERATION_TIMEOUT; THROTTLED_OP where too many others wait to be sent;
 * BAD_ARGUMENTS for a path, version or deadline that is none, or a request that is larger than a packet may be. A refusal is
 * told a turn of the event loop later, so that a loop that calls again at once lets others have theirs.
 * `outcome` tells whether the request may have been executed. Nothing is ever sent twice.
 */
export interface ZooKeeperSession {
  readonly sessionId: bigint;
  /** 1 for the first session of a client, then 2... */
  readonly generation: number;
  /** The session timeout that was agreed on with the server. */
  readonly timeoutMs: number;
  readonly state: SessionState;

  /** Data and stat; NO_NODE if there is none. */
  get(path: string, options?: ReadOptions): Promise<{ readonly data: Uint8Array | null; readonly stat: Stat }>;
  /** undefined if there is none; a watch is armed all the same, and fires when it is created. */
  exists(path: string, options?: ReadOptions): Promise<Stat | undefined>;
  /** Names of the children, in no order. */
  children(path: string, options?: ReadOptions): Promise<{ readonly children: readonly string[]; readonly stat: Stat }>;
  /** BAD_VERSION unless the znode has that version; pass ANY_VERSION for whatever it is. */
  set(path: string, data: Uint8Array | null, version: number, options?: CallOptions): Promise<Stat>;
  /**
   * The path that was created, with its number if the mode is sequential. Where the outcome of a sequential create is unknown
   * its number is too: only who gave the name a part that no other has finds the znode again among the children.
   */
  create(path: string, data: Uint8Array | null, options?: CreateOptions): Promise<string>;
  delete(path: string, version: number, options?: CallOptions): Promise<void>;
  /** All or nothing; a `MultiError` says which step could not be done. */
  multi(ops: readonly TransactionOp[], options?: CallOptions): Promise<readonly TransactionResult[]>;
  getAcl(path: string, options?: CallOptions): Promise<{ readonly acl: readonly Acl[]; readonly stat: Stat }>;
  setAcl(path: string, acl: readonly Acl[], version: number, options?: CallOptions): Promise<Stat>;
  /** Lets the server catch up with its leader: a read after it sees all that was committed before it. */
  sync(path: string, options?: CallOptions): Promise<void>;

  /** Calls `listener` at every change of state, until the function that comes back is called. */
  onState(listener: (event: StateEvent) => void): () => void;
  /** Resolves once the state is CONNECTED, at once where it is; SESSION_EXPIRED when it becomes LOST, OPERATION_TIMEOUT. */
  whenConnected(options?: WaitOptions): Promise<void>;
  /**
   * Ends the session: its ephemeral znodes go. Waits for the server's answer, no longer than `deadlineMs`. Never rejects.
   * While SUSPENDED nobody can be asked: then the znodes stay until the server expires the session, up to the timeout.
   */
  close(options?: CallOptions): Promise<void>;
}
