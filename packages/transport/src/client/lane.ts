import type { Timer } from '@barnabas/model';
import type { Api, ApiName } from '@barnabas/protocol';
import { PeerError, type PeerFailure } from '../peer/peer-error.ts';
import type { Frame } from '../wire/frame.ts';
import { FrameSplitter } from '../wire/frame-splitter.ts';
import { MalformedFrameError } from '../wire/malformed-frame-error.ts';
import { encodeRequest } from '../wire/request-frame.ts';
import { correlationIdOf, decodeResponse } from '../wire/response-frame.ts';
import { BackOff } from './back-off.ts';
import type { Call, SentCall } from './call.ts';
import type { LaneOptions } from './lane-options.ts';
import type { LaneStream } from './lane-stream.ts';

type State =
  /** Opens when there is something to send, but not before `notBeforeMs`. */
  | { readonly type: 'idle'; readonly notBeforeMs: number }
  | { readonly type: 'pausing'; readonly timer: Timer }
  | { readonly type: 'opening'; readonly stream: LaneStream; readonly timer: Timer }
  | { readonly type: 'open'; readonly stream: LaneStream; readonly splitter: FrameSplitter }
  | { readonly type: 'closed' };

/**
 * All requests of one class to one peer: one stream at a time, opened when there is something to send, and again after it
 * broke, with a back-off. Owns the calls in flight, matches answers to them by correlation id, and knows which have been
 * sent: those have an unknown outcome when the stream goes, the others are refused. Ends with `close`.
 *
 * Invariant: a call is settled exactly once, and sent at most once.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #backOff: BackOff;
  #state: State = { type: 'idle', notBeforeMs: Number.NEGATIVE_INFINITY };
  /** In the order of the calls, which is the order of sending. */
  readonly #unsent = new Set<Call>();
  readonly #sent = new Map<number, SentCall>();
  #inFlightBytes = 0;
  #lastCorrelationId = 0;
  /** When something last came in. */
  #heardMs = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  /** As `PeerClient.send`. */
  async send(api: Api<ApiName>, version: number, request: object, deadlineMs: number): Promise<object> {
    const correlationId = this.#nextCorrelationId();
    const frame = encodeRequest(api, version, { correlationId, clientId: this.#options.clientId }, request);
    this.#checkRoomFor(api, frame);
    return new Promise((resolve, reject) => {
      const deadline = this.#options.scheduler.after(deadlineMs, () => this.#onDeadline(call, deadlineMs));
      const call: Call = { api, version, correlationId, frame, resolve, reject, deadline };
      this.#inFlightBytes += frame.sizeBytes;
      this.#unsent.add(call);
      this.#sendOrOpen();
    });
  }

  /** Fails everything in flight and drops the stream. */
  async close(): Promise<void> {
    const before = this.#state;
    this.#state = { type: 'closed' };
    if ('timer' in before) before.timer.cancel();
    this.#failAll('closed', new Error('the client is being closed'));
    if ('stream' in before) await before.stream.destroy();
  }

  #nextCorrelationId(): number {
    do {
      this.#lastCorrelationId = (this.#lastCorrelationId + 1) & 0x7fff_ffff;
    } while (this.#sent.has(this.#lastCorrelationId));
    return this.#lastCorrelationId;
  }

  #checkRoomFor(api: Api<ApiName>, { sizeBytes }: Frame): void {
    const { maxInFlight, maxInFlightBytes, maxFrameBytes } = this.#options.limits;
    const refuse = (failure: PeerFailure, reason: string): never => {
      throw new PeerError('refused', failure, `${api.name} to ${this.#options.name}: ${reason}`);
    };
    if (this.#state.type === 'closed') refuse('closed', 'the client is closed');
    if (sizeBytes > maxFrameBytes) {
      refuse('too-large', `a frame of ${sizeBytes} bytes, ${maxFrameBytes} are allowed`);
    }
    const inFlight = this.#unsent.size + this.#sent.size;
    // One request alone may be larger than the bound on all of them.
    const exceedsBytes = this.#inFlightBytes + sizeBytes > maxInFlightBytes && inFlight > 0;
    if (inFlight >= maxInFlight || exceedsBytes) {
      refuse('overloaded', `${inFlight} requests of ${this.#inFlightBytes} bytes are in flight`);
    }
  }

  #sendOrOpen(): void {
    const state = this.#state;
    if (state.type === 'open') this.#sendTo(state.stream);
    else if (state.type === 'idle' && this.#unsent.size > 0) this.#openAfter(state.notBeforeMs);
  }

  #openAfter(notBeforeMs: number): void {
    const pauseMs = notBeforeMs - this.#options.clock.steadyMs();
    if (pauseMs <= 0) {
      this.#open();
      return;
    }
    const timer = this.#options.scheduler.after(pauseMs, () => {
      if (this.#unsent.size > 0) this.#open();
      else this.#state = { type: 'idle', notBeforeMs };
    });
    this.#state = { type: 'pausing', timer };
  }

  #open(): void {
    const { scheduler, limits, open } = this.#options;
    const timer = scheduler.after(limits.openTimeoutMs, () =>
      this.#drop('unreachable', new Error(`no stream within ${limits.openTimeoutMs} ms`)),
    );
    const stream = open({
      onOpen: () => {
        timer.cancel();
        this.#state = { type: 'open', stream, splitter: new FrameSplitter(limits.maxFrameBytes) };
        this.#sendTo(stream);
      },
      onData: (chunk) => this.#onData(chunk),
      onRoom: () => this.#sendTo(stream),
      onEnd: (cause) => this.#drop(this.#state.type === 'open' ? 'disconnected' : 'unreachable', cause),
    });
    this.#state = { type: 'opening', stream, timer };
  }

  #sendTo(stream: LaneStream): void {
    const sentMs = this.#options.clock.steadyMs();
    for (const call of this.#unsent) {
      if (!stream.hasRoom) return;
      this.#unsent.delete(call);
      this.#sent.set(call.correlationId, { call, sentMs, isAbandoned: false });
      stream.write(call.frame);
    }
  }

  #onData(chunk: Buffer): void {
    const state = this.#state;
    if (state.type !== 'open') return;
    this.#heardMs = this.#options.clock.steadyMs();
    try {
      for (const frame of state.splitter.push(chunk)) this.#onFrame(frame);
    } catch (thrown) {
      this.#drop('malformed', thrown as Error);
    }
  }

  /** @throws MalformedFrameError; the call in question is then still in flight */
  #onFrame(frame: Buffer): void {
    const correlationId = correlationIdOf(frame);
    const sent = this.#sent.get(correlationId);
    if (sent === undefined)
      throw new MalformedFrameError(`an answer to request ${correlationId}, which is not in flight`);
    const { call, isAbandoned } = sent;
    const response = isAbandoned ? undefined : decodeResponse(call.api, call.version, frame);
    this.#sent.delete(correlationId);
    this.#inFlightBytes -= call.frame.sizeBytes;
    this.#backOff.reset();
    if (response === undefined) return;
    call.deadline.cancel();
    call.resolve(response);
  }

  /**
   * A call that was sent stays in flight without its caller: the peer may be at work on it. If nothing at all has come in
   * since it was sent, the peer may as well be gone: the stream is dropped, and the next request gets another one.
   */
  #onDeadline(call: Call, deadlineMs: number): void {
    const describe = (what: string): string =>
      `${call.api.name} to ${this.#options.name}: ${what} within ${deadlineMs} ms`;
    if (this.#unsent.delete(call)) {
      this.#inFlightBytes -= call.frame.sizeBytes;
      call.reject(new PeerError('refused', 'deadline', describe('could not be sent')));
      return;
    }
    const sent = this.#sent.get(call.correlationId);
    if (sent === undefined) return;
    sent.isAbandoned = true;
    call.reject(new PeerError('unknown', 'deadline', describe('no answer')));
    if (this.#heardMs <= sent.sentMs) {
      this.#drop('disconnected', new Error(`nothing was heard for ${deadlineMs} ms`));
    }
  }

  /** The stream is of no more use, or there is none to be had. */
  #drop(failure: PeerFailure, cause: Error): void {
    const state = this.#state;
    if (state.type !== 'opening' && state.type !== 'open') return;
    if (state.type === 'opening') state.timer.cancel();
    void state.stream.destroy();
    const notBeforeMs = this.#options.clock.steadyMs() + this.#backOff.nextDelayMs();
    this.#state = { type: 'idle', notBeforeMs };
    this.#failAll(failure, cause);
  }

  #failAll(failure: PeerFailure, cause: Error): void {
    const fail = ({ api, deadline, reject }: Call, outcome: 'refused' | 'unknown'): void => {
      deadline.cancel();
      reject(new PeerError(outcome, failure, `${api.name} to ${this.#options.name}: ${cause.message}`, { cause }));
    };
    const [sent, unsent] = [[...this.#sent.values()], [...this.#unsent]];
    this.#sent.clear();
    this.#unsent.clear();
    this.#inFlightBytes = 0;
    for (const { call, isAbandoned } of sent) if (!isAbandoned) fail(call, 'unknown');
    for (const call of unsent) fail(call, 'refused');
  }
}
