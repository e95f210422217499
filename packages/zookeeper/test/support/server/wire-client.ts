import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { FrameSplitter } from '../../../src/jute/frame-splitter.ts';
import { encodeConnectRequest } from '../../../src/jute/handshake-codec.ts';
import { encodeRequest } from '../../../src/jute/request-codec.ts';
import type { Request } from '../../../src/operation/request.ts';

/** A socket to a server: sends bytes as they are told, and collects the frames that come. */
export class WireClient {
  readonly socket: Socket;
  readonly frames: Buffer[] = [];
  readonly #splitter = new FrameSplitter(64 * 1024 * 1024);
  #wake: () => void = () => {};
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.frames.push(...this.#splitter.push(chunk));
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  static async open(port: number): Promise<WireClient> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return new WireClient(socket);
  }

  /** Opens a connection and a session. */
  static async withSession(port: number, timeoutMs = 10_000): Promise<WireClient> {
    const client = await WireClient.open(port);
    client.socket.write(handshake(timeoutMs));
    await client.framesCame(1);
    return client;
  }

  /** All in one write. */
  send(...requests: (readonly [xid: number, request: Request])[]): void {
    this.socket.write(Buffer.concat(requests.map(([xid, request]) => encodeRequest(xid, request))));
  }

  /** Rejects when the connection is closed before there were as many. */
  async framesCame(count: number): Promise<void> {
    while (this.frames.length < count) {
      if (this.#isClosed) throw new Error(`closed after ${this.frames.length} frames of ${count}`);
      await this.#changed();
    }
  }

  async closed(): Promise<void> {
    while (!this.#isClosed) await this.#changed();
  }

  /** xids of the frames that came, without that of the handshake. */
  get xids(): number[] {
    return this.frames.slice(1).map((frame) => frame.readInt32BE(0));
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

export function handshake(timeoutMs = 10_000): Buffer {
  const password = new Uint8Array(16);
  return encodeConnectRequest({
    protocolVersion: 0,
    lastZxidSeen: 0,
    timeoutMs,
    sessionId: 0n,
    password,
    readOnly: false,
  });
}

/** Sends four letters and answers all that comes until the end. */
export async function askWord(port: number, word: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(word);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
