import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  type ConnectRequest,
  type ConnectResponse,
  decodeConnectResponse,
  decodeReply,
  decodeReplyHeader,
  decodeWatchEvent,
  encodeConnectRequest,
  encodeRequest,
  FrameSplitter,
  JuteReader,
  type OpName,
  type Reply,
  type ReplyHeader,
  type Request,
  type WatchEvent,
  XID,
} from '@barnabas/zookeeper';

/** What a server says, in the order in which it says it. */
export type Arrival =
  | { readonly type: 'connected'; readonly response: ConnectResponse }
  | { readonly type: 'reply'; readonly op: OpName | undefined; readonly header: ReplyHeader; readonly reply?: Reply }
  | { readonly type: 'event'; readonly event: WatchEvent; readonly header: ReplyHeader }
  /** Always the last. */
  | { readonly type: 'closed' };

const SILENCE_MAX_MS = 15_000;
/** Far above what a server sends. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** xids that requests of these kinds have, whoever sends them. */
const FIXED_XIDS: Partial<Record<OpName, number>> = { ping: XID.ping, auth: XID.auth };

/**
 * One connection to a ZooKeeper server, for tests that want to see every frame: it sends what it is told to, right or
 * wrong, and adds nothing of its own, not even pings. Ends with `cut`, or when the server closes it.
 */
export class RawClient {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter(FRAME_BYTES_MAX);
  readonly #arrivals: Arrival[] = [];
  /** What replies answer, by xid: a reply alone does not say how it is to be read. */
  readonly #asked = new Map<number, OpName[]>();
  #lastXid = 0;
  #isConnected = false;
  #problem: unknown;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => {});
    socket.on('close', () => this.#arrived({ type: 'closed' }));
  }

  static async open(host: string, port: number): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends the first frame. */
  connect(request: ConnectRequest): void {
    this.#socket.write(encodeConnectRequest(request));
  }

  /** Sends a request, and returns its xid: the next one, unless another is given or its kind has one of its own. */
  send(request: Request, xid = FIXED_XIDS[request.op] ?? ++this.#lastXid): number {
    this.#asked.set(xid, [...(this.#asked.get(xid) ?? []), request.op]);
    this.#socket.write(encodeRequest(xid, request));
    return xid;
  }

  /** Sends bytes as they are. */
  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /**
   * What the server says next. Resolves with `closed` again and again once the connection is; rejects with what is wrong
   * with a frame of the server's, or when it stays silent for long.
   */
  async next(): Promise<Arrival> {
    for (;;) {
      const [first] = this.#arrivals;
      if (first?.type === 'closed' && this.#problem !== undefined) throw this.#problem;
      if (first !== undefined) return first.type === 'closed' ? first : (this.#arrivals.shift() ?? first);
      await this.#arrival();
    }
  }

  /** Resolves at the next one. */
  async #arrival(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve;
        timer = setTimeout(() => reject(new Error(`the server says nothing for ${SILENCE_MAX_MS} ms`)), SILENCE_MAX_MS);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the server says up to the first thing that `isLast` says is the last; at any rate up to the end. */
  async until(isLast: (arrival: Arrival) => boolean): Promise<Arrival[]> {
    const arrivals: Arrival[] = [];
    for (;;) {
      const arrival = await this.next();
      arrivals.push(arrival);
      if (arrival.type === 'closed' || isLast(arrival)) return arrivals;
    }
  }

  /** What the server says up to the answer to request `xid`. */
  untilReply(xid: number): Promise<Arrival[]> {
    return this.until((arrival) => arrival.type === 'reply' && arrival.header.xid === xid);
  }

  /** Ends the connection without a word, so that the session lives on. */
  cut(): void {
    this.#socket.destroy();
  }

  /** As `cut`, and resolves when the server has noticed. */
  async hangUp(): Promise<void> {
    this.#socket.end();
    await this.until(() => false);
  }

  #take(chunk: Buffer): void {
    try {
      for (const frame of this.#splitter.push(chunk)) this.#arrived(this.#decode(Buffer.from(frame)));
    } catch (error) {
      this.#problem ??= error;
      this.#socket.destroy();
    }
  }

  #decode(frame: Buffer): Arrival {
    if (!this.#isConnected) {
      this.#isConnected = true;
      return { type: 'connected', response: decodeConnectResponse(frame) };
    }
    const reader = new JuteReader(frame);
    const arrival = this.#decodeReplyOrEvent(reader);
    if (reader.remainingBytes > 0) throw new Error(`${reader.remainingBytes} bytes too many: ${frame.toString('hex')}`);
    return arrival;
  }

  #decodeReplyOrEvent(reader: JuteReader): Arrival {
    const header = decodeReplyHeader(reader);
    if (header.xid === XID.notification) return { type: 'event', header, event: decodeWatchEvent(reader) };
    const op = this.#asked.get(header.xid)?.shift();
    if (header.code !== 0 || op === undefined) return { type: 'reply', op, header };
    return { type: 'reply', op, header, reply: decodeReply(op, reader) };
  }

  #arrived(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    this.#wake();
  }
}
