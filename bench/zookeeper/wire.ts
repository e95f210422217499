import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  decodeConnectResponse,
  encodeConnectRequest,
  encodeRequest,
  FrameSplitter,
  type Request,
} from '@barnabas/zookeeper';

const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const XID_AT = 4;

/**
 * A connection that does nothing but send frames which were made before, and count what comes back: what a server can do
 * when its client costs next to nothing. Ends with `close`.
 */
export class Wire {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter(MAX_FRAME_BYTES);
  readonly #waiting: ((frame: Buffer) => void)[] = [];
  #xid = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(host: string, port: number): Promise<Wire> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    const request = { protocolVersion: 0, lastZxidSeen: 0, timeoutMs: 30_000, sessionId: 0n, password: null };
    socket.write(encodeConnectRequest(request));
    const wire = new Wire(socket);
    const response = await new Promise<Buffer>((resolve) => {
      wire.#waiting.push(resolve);
      socket.on('data', (chunk: Buffer) => wire.#received(chunk));
    });
    if (decodeConnectResponse(response).timeoutMs <= 0) throw new Error('no session');
    return wire;
  }

  /** A request as bytes; `send` puts its number in. */
  static frame(request: Request): Buffer {
    return encodeRequest(0, request);
  }

  /** Frames of one turn of the event loop go out together. */
  send(frame: Buffer, done: () => void): void {
    frame.writeInt32BE(++this.#xid, XID_AT);
    this.#waiting.push(done);
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(Buffer.from(frame));
  }

  /** Sends one request and waits for its answer. */
  call(request: Request): Promise<void> {
    return new Promise((resolve) => this.send(Wire.frame(request), resolve));
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    for (const frame of this.#splitter.push(chunk)) this.#waiting.shift()?.(frame);
  }
}
