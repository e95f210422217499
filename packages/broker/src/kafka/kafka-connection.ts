import type { Socket } from 'node:net';
import type { Clock } from '@barnabas/model';
import { APIS } from '@barnabas/protocol';
import { encodeResponse, type Frame, FrameSplitter, Outbox, type PeerContext } from '@barnabas/transport';
import type { Logger } from '../logger.ts';
import { AnswerOrder, type Place } from './answer-order.ts';
import { unsupportedApiVersions } from './api-versions.ts';
import type { KafkaLimits } from './kafka-limits.ts';
import { decodeKafkaRequest, isProduce, type KafkaRequest, withinBytes } from './kafka-request.ts';
import type { ServedApis } from './served-apis.ts';
import { hasFailed, isUnanswered } from './unanswered-produce.ts';
import type { UnreadAnswers } from './unread-answers.ts';

export type KafkaConnectionOptions = {
  readonly apis: ServedApis;
  /** The name of the listener that the client came through. */
  readonly listener: string;
  readonly limits: KafkaLimits;
  /** Of all connections of the door. */
  readonly unread: UnreadAnswers;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly logger: Logger;
};

type Request = Extract<KafkaRequest, { kind: 'request' }>;

/**
 * A client's connection: cuts what comes into requests, gives them to handlers, writes the answers in the same order.
 *
 * One request is with its handler at a time, as in Kafka, but for Produces that follow one another: those wait for their
 * replicas together. What they append is in order all the same: handlers are called in order, and one of Produce appends
 * before it first waits. While answers wait to be read beyond a limit, nothing more is taken, and nothing more read than the
 * chunk at hand.
 *
 * Ends when the client ends it (what it has sent is answered first), by `finish`, or at the first fault.
 */
export class KafkaConnection {
  readonly #socket: Socket;
  readonly #options: KafkaConnectionOptions;
  readonly #remote: string;
  readonly #splitter: FrameSplitter;
  readonly #outbox: Outbox;
  readonly #order = new AnswerOrder();
  readonly #aborter = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  /** Of the chunk at hand; the socket is paused until they are all taken. */
  #frames: Iterator<Buffer> | undefined;
  /** The first of them, which must wait. */
  #next: Buffer | undefined;
  /** Whether the requests that are not answered yet are Produces, all of them. */
  #isProducing = false;
  #state: 'open' | 'ending' | 'faulty' = 'open';
  #lastMovedMs: number;

  constructor(socket: Socket, options: KafkaConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#remote = `${socket.remoteAddress}:${socket.remotePort}`;
    this.#splitter = new FrameSplitter(options.limits.requestBytes);
    this.#outbox = new Outbox((bytes) => socket.write(bytes));
    this.#lastMovedMs = options.clock.steadyMs();
    socket.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onClientEnd());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
  }

  /** Settles when the socket is gone, in whatever way. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** When something last came or was taken; undefined while a request is being worked on. */
  get silentSinceMs(): number | undefined {
    return this.#order.waiting > 0 ? undefined : this.#lastMovedMs;
  }

  /** Takes no more requests; ends when those taken are answered. */
  finish(): void {
    if (this.#state === 'open') this.#state = 'ending';
    this.#forgetFrames();
    this.#endIfDone();
    this.#socket.resume();
  }

  /** At once, with answers that are not read yet. */
  destroy(): void {
    this.#socket.destroy();
  }

  #onChunk(chunk: Buffer): void {
    if (this.#state !== 'open') return;
    this.#moved();
    this.#frames = this.#splitter.push(chunk);
    this.#takeFrames();
  }

  #onDrain(): void {
    this.#moved();
    this.#options.unread.set(this, 0);
    this.#takeFrames();
  }

  #onClientEnd(): void {
    if (this.#state === 'open') this.#state = 'ending';
    this.#endIfDone();
  }

  #onClose(): void {
    this.#options.unread.set(this, 0);
    this.#outbox.clear();
    this.#forgetFrames();
    this.#aborter.abort();
    this.#ended.resolve();
  }

  #moved(): void {
    this.#lastMovedMs = this.#options.clock.steadyMs();
  }

  #takeFrames(): void {
    try {
      for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) this.#take(frame);
    } catch (thrown) {
      this.#stop((thrown as Error).message);
      return;
    }
    if (this.#frames === undefined) this.#socket.resume();
    else this.#socket.pause();
  }

  /** undefined where there is none, and where it may not be taken yet. @throws MalformedFrameError */
  #nextFrame(): Buffer | undefined {
    if (this.#frames !== undefined && this.#next === undefined) {
      const { done, value } = this.#frames.next();
      if (done) this.#frames = undefined;
      else this.#next = value;
    }
    const frame = this.#next;
    if (frame === undefined || !this.#mayTake(frame)) return undefined;
    this.#next = undefined;
    return frame;
  }

  #mayTake(frame: Buffer): boolean {
    const { waitingBytes, pipelinedProduces } = this.#options.limits;
    if (this.#socket.writableLength >= waitingBytes) return false;
    const { waiting } = this.#order;
    return waiting === 0 || (this.#isProducing && waiting < pipelinedProduces && isProduce(frame));
  }

  /** @throws MalformedFrameError where it is not served, or no request */
  #take(frame: Buffer): void {
    const request = decodeKafkaRequest(frame, this.#options.apis);
    const place = this.#order.open();
    if (request.kind === 'request') {
      this.#isProducing = request.incoming.api.name === 'Produce';
      void this.#handle(request, place);
    } else {
      this.#isProducing = false;
      this.#answer(place, encodeResponse(APIS.ApiVersions, 0, request.correlationId, unsupportedApiVersions()));
    }
  }

  async #handle({ incoming, served }: Request, place: Place): Promise<void> {
    const { api, version, correlationId } = incoming;
    try {
      const request = withinBytes(incoming, this.#options.unread.fetchBytes);
      const response = await served.handler(request, this.#contextOf(incoming));
      if (isUnanswered(incoming)) {
        if (hasFailed(response)) this.#stop('a Produce with acks=0 has failed');
        this.#answer(place, 'none');
      } else {
        this.#answer(place, encodeResponse(api, version, correlationId, response));
      }
    } catch (thrown) {
      this.#options.logger.error({ err: thrown }, `${api.name} failed unexpectedly`);
      this.#stop(`${api.name} failed`);
      this.#answer(place, 'none');
    }
    this.#takeFrames();
    this.#endIfDone();
  }

  #contextOf({ version, clientId }: Request['incoming']): PeerContext {
    const { listener } = this.#options;
    return { version, clientId, listener, remote: this.#remote, signal: this.#aborter.signal };
  }

  #answer(place: Place, answer: Frame | 'none'): void {
    const ready = this.#order.settle(place, answer);
    this.#moved();
    if (ready.length === 0 || this.#socket.destroyed) return;
    // One gathering write for all of them.
    this.#socket.cork();
    for (const frame of ready) this.#outbox.add(frame);
    this.#outbox.flush();
    this.#socket.uncork();
    this.#options.unread.set(this, this.#socket.writableLength);
  }

  #endIfDone(): void {
    if (this.#state === 'open' || this.#order.waiting > 0 || this.#frames !== undefined) return;
    if (this.#state === 'ending') this.#socket.end();
    else this.#socket.destroySoon();
  }

  /** What was taken before is still answered; what comes after is thrown away. */
  #stop(reason: string): void {
    if (this.#socket.destroyed || this.#state === 'faulty') return;
    const { logger, listener } = this.#options;
    logger.warn({ listener }, `closing the connection of ${this.#remote}: ${reason}`);
    this.#state = 'faulty';
    this.#forgetFrames();
    this.#endIfDone();
  }

  #forgetFrames(): void {
    this.#frames = undefined;
    this.#next = undefined;
  }
}
