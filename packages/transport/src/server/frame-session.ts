import type { ServerHttp2Stream } from 'node:http2';
import { handlerOf, type PeerContext, type PeerHandlers } from '../peer/peer-handlers.ts';
import type { Frame } from '../wire/frame.ts';
import { FrameSplitter } from '../wire/frame-splitter.ts';
import { MalformedFrameError } from '../wire/malformed-frame-error.ts';
import { Outbox } from '../wire/outbox.ts';
import { decodeRequest, type IncomingRequest } from '../wire/request-frame.ts';
import { encodeResponse } from '../wire/response-frame.ts';
import type { PeerLogger } from './peer-logger.ts';

export type FrameSessionOptions = {
  readonly handlers: PeerHandlers;
  readonly logger: PeerLogger;
  /** The caller, for handlers and for the log. */
  readonly remote: string;
  readonly maxFrameBytes: number;
  readonly maxRunning: number;
  readonly maxWaitingBytes: number;
};

/**
 * The serving side of one stream: cuts it into requests, gives them to handlers, writes the answers in the order in which
 * they are ready. Reads no further while `maxRunning` requests are with handlers or `maxWaitingBytes` of answers are not
 * read; HTTP/2's flow control then holds the caller back. Ends with the stream: when the caller ends it (all answers are
 * given first), by `finish`, or at the first fault.
 */
export class FrameSession {
  readonly #stream: ServerHttp2Stream;
  readonly #options: FrameSessionOptions;
  readonly #splitter: FrameSplitter;
  readonly #outbox: Outbox;
  readonly #aborter = new AbortController();
  /** Of the chunk at hand; the stream is paused until they are all taken. */
  #frames: Iterator<Buffer> | undefined;
  #running = 0;
  #isEnding = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(stream: ServerHttp2Stream, options: FrameSessionOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#splitter = new FrameSplitter(options.maxFrameBytes);
    this.#outbox = new Outbox((bytes) => stream.write(bytes));
    stream.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    stream.on('drain', () => this.#takeFrames());
    stream.on('end', () => this.finish());
    stream.on('error', () => undefined);
    stream.on('close', () => {
      this.#outbox.clear();
      this.#frames = undefined;
      this.#aborter.abort();
      this.#ended.resolve();
    });
  }

  /** Settles when the stream is gone, in whatever way. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Takes no more requests; ends the stream when those taken are answered. */
  finish(): void {
    this.#isEnding = true;
    this.#endIfDone();
  }

  #onChunk(chunk: Buffer): void {
    if (this.#isEnding) return;
    this.#frames = this.#splitter.push(chunk);
    this.#takeFrames();
  }

  #takeFrames(): void {
    try {
      while (this.#frames !== undefined && this.#mayTake()) {
        const next = this.#frames.next();
        if (next.done) this.#frames = undefined;
        else this.#take(decodeRequest(next.value));
      }
    } catch (thrown) {
      this.#drop(thrown as Error);
      return;
    }
    if (this.#frames === undefined) this.#stream.resume();
    else this.#stream.pause();
  }

  #mayTake(): boolean {
    const { maxRunning, maxWaitingBytes } = this.#options;
    const waitingBytes = this.#outbox.waitingBytes + this.#stream.writableLength;
    return this.#running < maxRunning && waitingBytes < maxWaitingBytes;
  }

  /** @throws MalformedFrameError where nobody handles it */
  #take(incoming: IncomingRequest): void {
    const { api, version, clientId, request } = incoming;
    const handler = handlerOf(this.#options.handlers, api.name);
    if (handler === undefined) throw new MalformedFrameError(`${api.name} is not served here`);
    const context: PeerContext = {
      version,
      clientId,
      remote: this.#options.remote,
      signal: this.#aborter.signal,
    };
    this.#running++;
    void this.#answer(incoming, async () => handler(request, context));
  }

  async #answer({ api, version, correlationId }: IncomingRequest, handle: () => Promise<object>): Promise<void> {
    try {
      const response = await handle();
      if (!this.#stream.destroyed) this.#write(encodeResponse(api, version, correlationId, response));
    } catch (thrown) {
      this.#drop(new Error(`${api.name} failed: ${(thrown as Error).message}`, { cause: thrown }));
    }
    this.#running--;
    this.#takeFrames();
    this.#endIfDone();
  }

  /** @throws MalformedFrameError */
  #write(frame: Frame): void {
    if (frame.sizeBytes > this.#options.maxFrameBytes) {
      throw new MalformedFrameError(`an answer of ${frame.sizeBytes} bytes`);
    }
    this.#outbox.add(frame);
  }

  #endIfDone(): void {
    if (!this.#isEnding || this.#running > 0 || this.#frames !== undefined || this.#stream.destroyed) return;
    this.#outbox.flush();
    this.#stream.end();
  }

  /** What came before the fault is not answered any more: the caller cannot tell where the stream went wrong. */
  #drop(cause: Error): void {
    if (this.#stream.destroyed) return;
    this.#isEnding = true;
    this.#frames = undefined;
    this.#options.logger.warn(`Dropped a stream of ${this.#options.remote}: ${cause.message}`);
    this.#stream.destroy();
  }
}
