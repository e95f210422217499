import type { Acl } from '../operation/acl.ts';
import { ERROR_CODES } from '../operation/error-code.ts';
import type { Stat } from '../operation/stat.ts';
import { replyOf, type ServerAnswer } from './call.ts';
import type { Chroot } from './chroot.ts';
import type {
  CallOptions,
  CreateOptions,
  ReadOptions,
  SessionState,
  StateEvent,
  TransactionOp,
  TransactionResult,
  WaitOptions,
  ZooKeeperSession,
} from './session.ts';
import type { SessionCore } from './session-core.ts';
import type { SessionRequest } from './session-link.ts';
import { createdPath, createRequestAt, multiOp, pathToCreate, transactionResults } from './transaction.ts';
import { checkedVersion } from './version.ts';

const NONE: CallOptions = {};

/** A copy: the answer's data are a view of what was read from the socket, which may be far larger. */
const ownBytes = (data: Uint8Array | null): Uint8Array | null => (data === null ? null : new Uint8Array(data));

/** The session as its user sees it: translates calls to requests and answers to results; `SessionCore` does the rest. */
export class ChrootedSession implements ZooKeeperSession {
  readonly #core: SessionCore;
  readonly #chroot: Chroot;

  constructor(core: SessionCore) {
    this.#core = core;
    this.#chroot = core.identity.chroot;
  }

  get sessionId(): bigint {
    return this.#core.identity.sessionId;
  }

  get generation(): number {
    return this.#core.identity.generation;
  }

  get timeoutMs(): number {
    return this.#core.timeoutMs;
  }

  get state(): SessionState {
    return this.#core.state;
  }

  get(path: string, { watch, deadlineMs }: ReadOptions = NONE): Promise<{ data: Uint8Array | null; stat: Stat }> {
    const make = () => ({ op: 'getData', path: this.#chroot.toServer(path), watch: watch !== undefined }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      const { data, stat } = replyOf('getData', answer, request, path);
      if (watch !== undefined) this.#core.watches.arm('data', request.path, watch);
      return { data: ownBytes(data), stat };
    });
  }

  exists(path: string, { watch, deadlineMs }: ReadOptions = NONE): Promise<Stat | undefined> {
    const make = () => ({ op: 'exists', path: this.#chroot.toServer(path), watch: watch !== undefined }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      const isMissing = answer.type === 'error' && answer.code === ERROR_CODES.NO_NODE;
      const stat = isMissing ? undefined : replyOf('exists', answer, request, path).stat;
      if (watch !== undefined) this.#core.watches.arm('data', request.path, watch);
      return stat;
    });
  }

  children(
    path: string,
    { watch, deadlineMs }: ReadOptions = NONE,
  ): Promise<{ children: readonly string[]; stat: Stat }> {
    const make = () => ({ op: 'getChildren2', path: this.#chroot.toServer(path), watch: watch !== undefined }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      const { children, stat } = replyOf('getChildren2', answer, request, path);
      if (watch !== undefined) this.#core.watches.arm('children', request.path, watch);
      return { children, stat };
    });
  }

  set(path: string, data: Uint8Array | null, version: number, { deadlineMs }: CallOptions = NONE): Promise<Stat> {
    const make = () =>
      ({ op: 'setData', path: this.#chroot.toServer(path), data, version: checkedVersion(version, path) }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => replyOf('setData', answer, request, path).stat);
  }

  create(path: string, data: Uint8Array | null, options: CreateOptions = NONE): Promise<string> {
    const make = () => createRequestAt(pathToCreate(path, options.mode, this.#chroot), data, options);
    return this.#call(path, options.deadlineMs, make, (answer, request) =>
      createdPath(replyOf('create', answer, request, path).path, this.#chroot),
    );
  }

  delete(path: string, version: number, { deadlineMs }: CallOptions = NONE): Promise<void> {
    const make = () =>
      ({ op: 'delete', path: this.#chroot.toServer(path), version: checkedVersion(version, path) }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      replyOf('delete', answer, request, path);
    });
  }

  multi(ops: readonly TransactionOp[], { deadlineMs }: CallOptions = NONE): Promise<readonly TransactionResult[]> {
    const make = () => ({ op: 'multi', ops: ops.map((op) => multiOp(op, this.#chroot)) }) as const;
    return this.#call(undefined, deadlineMs, make, (answer, request) =>
      transactionResults(ops, replyOf('multi', answer, request, undefined).results, this.#chroot),
    );
  }

  getAcl(path: string, { deadlineMs }: CallOptions = NONE): Promise<{ acl: readonly Acl[]; stat: Stat }> {
    const make = () => ({ op: 'getACL', path: this.#chroot.toServer(path) }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      const { acl, stat } = replyOf('getACL', answer, request, path);
      return { acl, stat };
    });
  }

  setAcl(path: string, acl: readonly Acl[], version: number, { deadlineMs }: CallOptions = NONE): Promise<Stat> {
    const make = () =>
      ({ op: 'setACL', path: this.#chroot.toServer(path), acl, version: checkedVersion(version, path) }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => replyOf('setACL', answer, request, path).stat);
  }

  sync(path: string, { deadlineMs }: CallOptions = NONE): Promise<void> {
    const make = () => ({ op: 'sync', path: this.#chroot.toServer(path) }) as const;
    return this.#call(path, deadlineMs, make, (answer, request) => {
      replyOf('sync', answer, request, path);
    });
  }

  onState(listener: (event: StateEvent) => void): () => void {
    return this.#core.onState(listener);
  }

  whenConnected(options?: WaitOptions): Promise<void> {
    return this.#core.whenConnected(options);
  }

  close(options?: CallOptions): Promise<void> {
    return this.#core.close(options);
  }

  /** A request that cannot be made rejects as one does that the server refuses. */
  #call<R extends SessionRequest, T>(
    path: string | undefined,
    deadlineMs: number | undefined,
    make: () => R,
    take: (answer: ServerAnswer, request: R) => T,
  ): Promise<T> {
    let request: R;
    try {
      request = make();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#core.call(request, path, deadlineMs, (answer) => take(answer, request));
  }
}
