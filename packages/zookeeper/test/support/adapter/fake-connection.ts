import type { Socket } from 'node:net';
import { FrameSplitter } from '../../../src/jute/frame-splitter.ts';
import { decodeConnectRequest, encodeConnectResponse } from '../../../src/jute/handshake-codec.ts';
import { encodeReply } from '../../../src/jute/reply-codec.ts';
import { decodeRequest } from '../../../src/jute/request-codec.ts';
import type { ConnectRequest } from '../../../src/operation/handshake.ts';
import type { Reply } from '../../../src/operation/reply.ts';
import type { Request } from '../../../src/operation/request.ts';

export const SESSION_ID = 0x1234_5678_9abcn;
export const PASSWORD = Buffer.from('0123456789abcdef');

export type Received = { readonly xid: number; readonly request: Request };

/** One connection of a `FakeServer`. */
export class FakeConnection {
  /** Resolves when it is gone, whoever ended it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #frames: Buffer[] = [];
  readonly #wanted: PromiseWithResolvers<Buffer>[] = [];
  #isClosed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const splitter = new FrameSplitter(64 * 1024 * 1024);
    socket.setNoDelay();
    socket.on('data', (chunk: Buffer) => {
      for (const frame of splitter.push(chunk)) this.#add(Buffer.from(frame));
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#isClosed = true;
        for (const { reject } of this.#wanted) reject(new Error('the client closed the connection'));
        resolve();
      });
    });
  }

  /** How many frames have come that were not taken. */
  get waitingFrames(): number {
    return this.#frames.length;
  }

  /** The next frame, without its length; rejects where the connection ends first. */
  nextFrame(): Promise<Buffer> {
    const next = this.#frames.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#isClosed) return Promise.reject(new Error('the client closed the connection'));
    const wanted = Promise.withResolvers<Buffer>();
    this.#wanted.push(wanted);
    return wanted.promise;
  }

  async nextRequest(): Promise<Received> {
    const received = decodeRequest(await this.nextFrame());
    if ('unknownType' in received) throw new Error(`the client sent a request of type ${received.unknownType}`);
    return received;
  }

  /** Answers every request from now on by what `answer` makes of it, if it makes something. */
  async serve(answer: (received: Received) => Buffer | undefined): Promise<void> {
    while (!this.#isClosed) {
      const received = await this.nextRequest().catch(() => undefined);
      const frame = received === undefined ? undefined : answer(received);
      if (frame !== undefined) this.write(frame);
    }
  }

  /** Takes the handshake, and answers with a session, the one that was asked for if there is one; 0 ms: it has expired. */
  async takeSession({
    sessionId,
    timeoutMs,
  }: {
    sessionId?: bigint;
    timeoutMs?: number;
  } = {}): Promise<ConnectRequest> {
    const asked = decodeConnectRequest(await this.nextFrame());
    const id = sessionId ?? (asked.sessionId === 0n ? SESSION_ID : asked.sessionId);
    this.write(sessionFrame(timeoutMs ?? asked.timeoutMs, id));
    return asked;
  }

  reply(xid: number, reply: Reply, zxid = 1): void {
    this.write(encodeReply({ xid, zxid, code: 0 }, reply));
  }

  fail(xid: number, code: number, zxid = 1): void {
    this.write(encodeReply({ xid, zxid, code }, undefined));
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Reads nothing more, so that the client's bytes pile up. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Closes it; what was written before still arrives. */
  end(): void {
    this.#socket.end();
  }

  /** Closes it at once. */
  cut(): void {
    this.#socket.destroy();
  }

  #add(frame: Buffer): void {
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#frames.push(frame);
    else wanted.resolve(frame);
  }
}

export function sessionFrame(timeoutMs: number, sessionId = SESSION_ID): Buffer {
  return encodeConnectResponse({ protocolVersion: 0, timeoutMs, sessionId, password: PASSWORD });
}
