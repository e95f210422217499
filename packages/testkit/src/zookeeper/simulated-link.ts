import type { Clock, Random, Scheduler, Timer } from '@barnabas/model';
import type {
  Answer,
  ConnectResponse,
  LinkListener,
  Reply,
  ReplyHeader,
  Request,
  SessionLink,
  SessionRequest,
  WatchEvent,
} from '@barnabas/zookeeper';
import type { ClientEnd, ZooKeeperConnection } from './connection-ends.ts';

export type LinkSurroundings = {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** A new connection, of which `client` is told. */
  dial(client: ClientEnd): ZooKeeperConnection;
};

type Waiting = { readonly xid: number; readonly done: (answer: Answer) => void };
type Credentials = { readonly sessionId: bigint; readonly password: Uint8Array | null };

const LONGEST_RETRY_MS = 200;
/** Between a request to connect and the answer; longer than a connection takes, much shorter than a session. */
const HANDSHAKE_SHARE = 1 / 3;

/**
 * A session's link to a `SimulatedZooKeeper`, which is a single server: what node-zookeeper-client and its adapter are to a
 * real one. Of the servers of an ensemble, and of followers that lag or lose their leader, it shows nothing.
 */
export class SimulatedLink implements SessionLink {
  readonly #surroundings: LinkSurroundings;
  readonly #timeoutMs: number;
  #listener: LinkListener | undefined;
  #connection: ZooKeeperConnection | undefined;
  #isConnected = false;
  #isClosed = false;
  #timer: Timer | undefined;
  #credentials: Credentials = { sessionId: 0n, password: null };
  #lastZxidSeen = 0;
  #lastXid = 0;
  #waiting: Waiting[] = [];

  constructor(surroundings: LinkSurroundings, timeoutMs: number) {
    this.#surroundings = surroundings;
    this.#timeoutMs = timeoutMs;
  }

  open(listener: LinkListener): void {
    this.#listener = listener;
    this.#dial();
  }

  send(request: SessionRequest, done: (answer: Answer) => void): void {
    if (this.#isConnected) this.#transmit(request, done);
    else done({ type: 'unanswered', reason: 'not connected' });
  }

  drop(reason: string): void {
    this.#connection?.closeByClient();
    this.#lose(reason);
  }

  close(politely: boolean, deadlineMs: number): Promise<void> {
    this.#listener = undefined;
    return new Promise((resolve) => {
      const end = () => {
        this.#timer?.cancel();
        this.#isClosed = true;
        this.#connection?.closeByClient();
        this.#lose('closed');
        resolve();
      };
      this.#timer?.cancel();
      if (!politely || !this.#isConnected) {
        end();
        return;
      }
      this.#timer = this.#surroundings.scheduler.after(deadlineMs, end);
      this.#transmit({ op: 'closeSession' }, end);
    });
  }

  #dial(): void {
    const { scheduler } = this.#surroundings;
    let askedAtMs = 0;
    const connection = this.#surroundings.dial({
      accepted: () => {
        askedAtMs = this.#surroundings.clock.steadyMs();
        const request = { protocolVersion: 0, timeoutMs: this.#timeoutMs, readOnly: false, ...this.#credentials };
        const lastZxidSeen = this.#lastZxidSeen;
        connection.tellServer((server) => server.connect({ ...request, lastZxidSeen }));
      },
      connected: (response) => this.#connected(response, askedAtMs),
      replied: (header, reply) => this.#replied(header, reply),
      notified: (event) => this.#notified(event),
      closed: (reason) => this.#lose(reason),
    });
    this.#connection = connection;
    this.#timer = scheduler.after(this.#timeoutMs * HANDSHAKE_SHARE, () => this.drop('no answer to the handshake'));
  }

  #connected({ sessionId, password, timeoutMs }: ConnectResponse, askedAtMs: number): void {
    this.#timer?.cancel();
    if (timeoutMs <= 0) {
      this.#isClosed = true;
      this.#listener?.ended('SESSION_EXPIRED', 'the server does not know the session');
      return;
    }
    this.#credentials = { sessionId, password };
    this.#isConnected = true;
    this.#listener?.connected({ sessionId, timeoutMs, askedAtMs });
  }

  #replied({ xid, zxid, code }: ReplyHeader, reply: Reply | undefined): void {
    const waiting = this.#waiting.shift();
    if (waiting?.xid !== xid) throw new Error(`reply ${xid} where ${waiting?.xid} was due`);
    if (zxid > 0) this.#lastZxidSeen = zxid;
    waiting.done(reply === undefined ? { type: 'error', code } : { type: 'reply', reply });
  }

  #notified(event: WatchEvent): void {
    this.#listener?.notified(event);
  }

  #transmit(request: Request, done: (answer: Answer) => void): void {
    const xid = ++this.#lastXid;
    this.#waiting.push({ xid, done });
    this.#connection?.tellServer((server) => server.request(xid, request));
  }

  /** Looks for the server again, unless it is closed. */
  #lose(reason: string): void {
    const wasConnected = this.#isConnected;
    this.#connection = undefined;
    this.#isConnected = false;
    this.#timer?.cancel();
    if (!this.#isClosed) {
      const { scheduler, random } = this.#surroundings;
      this.#timer = scheduler.after(1 + random.below(LONGEST_RETRY_MS), () => this.#dial());
    }
    // Last: who is told may drop or close it.
    for (const { done } of this.#waiting.splice(0)) done({ type: 'unanswered', reason });
    if (wasConnected) this.#listener?.disconnected(reason);
  }
}
