import type { Socket } from 'node:net';
import type { Clock, Scheduler, Timer } from '@barnabas/model';
import { decodeConnectRequest, encodeConnectResponse } from '../../jute/handshake-codec.ts';
import { MalformedJuteError } from '../../jute/malformed-jute-error.ts';
import { encodeReply } from '../../jute/reply-codec.ts';
import { decodeRequest } from '../../jute/request-codec.ts';
import { ERROR_CODES } from '../../operation/error-code.ts';
import type { ConnectResponse } from '../../operation/handshake.ts';
import type { Reply, ReplyHeader } from '../../operation/reply.ts';
import type { WatchEvent } from '../../operation/watch.ts';
import type { Connection, Peer } from '../engine/peer.ts';
import { hex } from '../four-letter/numbers.ts';
import type { ConnectionView } from '../four-letter/server-view.ts';
import type { Logger } from '../logger.ts';
import { ClientInput } from './client-input.ts';
import { ClientOutput, type Said } from './client-output.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { ConnectionRecord, type Executed } from './connection-record.ts';
import type { EventFrames } from './event-frames.ts';
import type { Indebted } from './output-budget.ts';
import type { OutputGate } from './output-gate.ts';
import { plainAddress } from './plain-address.ts';
import type { Traffic } from './traffic.ts';

/** What a connection needs of the server around it. */
export type ConnectionHost = {
  readonly engine: { attach(peer: Peer): Connection };
  readonly gate: OutputGate<Said>;
  readonly limits: ConnectionLimits;
  readonly traffic: Traffic;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  /** Whether a connection may begin with these letters instead of a handshake, and what they are answered by. */
  isWord(word: string): boolean;
  answerTo(word: string): string;
  /** An error that nobody foresaw: what the engine holds can no longer be trusted. */
  failed(error: unknown): void;
};

/** What the connections of one listener share. */
export type SharedOutput = {
  readonly events: EventFrames;
  /** So much was said to one of them. */
  readonly said: (bytes: number) => void;
};

/**
 * One client's TCP connection: has the engine execute what comes, in its order, and sends what the engine says as soon as
 * the gate lets it through. Reads no more while too much of what was said waits.
 *
 * The listener makes one for every socket. It ends with the socket, which is closed by the client, by the engine after
 * all that it said, or, with one line in the log, for what the client sent or did not take.
 */
export class ClientConnection implements Peer, Indebted {
  readonly address: string;
  readonly #remotePort: number;
  readonly #socket: Socket;
  readonly #host: ConnectionHost;
  readonly #shared: SharedOutput;
  readonly #record: ConnectionRecord;
  readonly #input: ClientInput;
  readonly #output: ClientOutput;
  readonly #handshakeTimer: Timer;
  #connection: Connection | undefined;
  /** What the engine is executing: what it replies meanwhile is the answer. */
  #executing: Executed | undefined;
  /** Requests whose answers have not been sent. */
  #outstanding = 0;
  /** Nothing of this client is executed any more, nor is anything said to it. */
  #isOver = false;

  constructor(socket: Socket, host: ConnectionHost, shared: SharedOutput) {
    this.address = plainAddress(socket.remoteAddress ?? '');
    this.#remotePort = socket.remotePort ?? 0;
    this.#socket = socket;
    this.#host = host;
    this.#shared = shared;
    this.#record = new ConnectionRecord(host.clock.nowMs());
    this.#output = new ClientOutput(socket, host.gate, host.scheduler, () => this.#input.goOn());
    this.#input = new ClientInput(socket, host.limits.maxFrameBytes, {
      isWord: (word) => host.isWord(word),
      word: (word) => this.#answerWord(word),
      frame: (frame) => this.#execute(frame),
      isBehind: () => this.#isBehind(),
      turnEnded: () => host.gate.release(),
      failed: (error) => this.#failed(error),
    });
    this.#handshakeTimer = host.scheduler.after(host.limits.handshakeTimeoutMs, () => this.#dropSilent());
    socket.setNoDelay(true);
    // 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#socketClosed());
  }

  get outstanding(): number {
    return this.#outstanding;
  }

  get waitingBytes(): number {
    return this.#isOver ? 0 : this.#output.waitingBytes;
  }

  view(): ConnectionView {
    return {
      remoteHost: this.address,
      remotePort: this.#remotePort,
      isRead: this.#input.isReading,
      isWritePending: this.#socket.writableLength > 0,
      outstanding: this.#outstanding,
      received: this.#record.received,
      sent: this.#record.sent,
      session: this.#record.sessionView(),
    };
  }

  /** Closes it when all that was said is sent. */
  end(): void {
    this.#stop();
    this.#output.end();
  }

  /** Closes it at once; what was said and is not sent yet is lost. */
  destroy(): void {
    this.#stop();
    this.#socket.destroy();
  }

  connected(response: ConnectResponse): void {
    if (response.timeoutMs > 0) this.#record.session = { id: response.sessionId, timeoutMs: response.timeoutMs };
    this.#answer(encodeConnectResponse(response), { xid: -1, zxid: 0, code: 0 });
  }

  replied(header: ReplyHeader, reply: Reply | undefined): void {
    if (header.code === ERROR_CODES.AUTH_FAILED) this.#host.traffic.failedAuthentications++;
    const frame = this.#encode(header, reply);
    if (frame !== undefined) this.#answer(frame, header);
  }

  notified(event: WatchEvent, zxid: number): void {
    if (!this.#isOver) this.#say(this.#shared.events.frameOf(event, zxid), undefined);
  }

  closed(reason: string, isInOrder: boolean): void {
    this.#host.logger[isInOrder ? 'debug' : 'info'](this.#details(), `connection closed: ${reason}`);
    this.end();
  }

  /** Drops it; what was said and is not sent yet is lost. */
  drop(reason: string): void {
    if (this.#isOver) return;
    this.#host.traffic.droppedConnections++;
    this.#host.logger.warn(this.#details(), `connection dropped: ${reason}`);
    this.destroy();
  }

  /**
   * Undefined where the client cannot be answered, for the length of the answer or for want of memory: the request was
   * executed, and what the engine holds is sound, so that it costs this connection and no more.
   */
  #encode(header: ReplyHeader, reply: Reply | undefined): Buffer | undefined {
    if (this.#isOver) return undefined;
    try {
      return encodeReply(header, reply, this.#host.limits.maxOutputBytes);
    } catch (error) {
      this.drop(`its request cannot be answered: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  #execute(frame: Buffer): void {
    this.#host.traffic.packetsReceived++;
    this.#host.traffic.bytesReceived += frame.length + 4;
    this.#record.received++;
    const startedMs = this.#host.clock.steadyMs();
    if (this.#connection === undefined) {
      const request = decodeConnectRequest(frame);
      this.#handshakeTimer.cancel();
      this.#executing = { op: 'createSession', startedMs };
      this.#connection = this.#host.engine.attach(this);
      this.#connection.connect(request);
    } else {
      const decoded = decodeRequest(frame);
      this.#executing = { op: 'request' in decoded ? decoded.request.op : 'unknown', startedMs };
      if ('request' in decoded) this.#connection.request(decoded.xid, decoded.request);
      else this.#connection.unimplemented(decoded.xid);
    }
    this.#executing = undefined;
  }

  #answer(frame: Buffer, header: ReplyHeader): void {
    const executed = this.#executing;
    if (this.#isOver) return;
    if (executed === undefined) {
      this.#say(frame, undefined);
      return;
    }
    this.#executing = undefined;
    this.#outstanding++;
    this.#say(frame, () => {
      this.#outstanding--;
      const nowMs = this.#host.clock.steadyMs();
      this.#record.answered(executed, header.xid, header.zxid, nowMs);
      this.#host.traffic.latency.add(nowMs - executed.startedMs);
    });
  }

  #say(frame: Buffer, onSent: (() => void) | undefined): void {
    if (this.#isOver) return;
    this.#output.say(frame, () => {
      this.#record.sent++;
      this.#host.traffic.sent(frame.length);
      onSent?.();
    });
    this.#shared.said(frame.length);
    if (this.#output.waitingBytes > this.#host.limits.maxOutputBytes) {
      this.drop(`the client does not take what it is sent; ${this.#output.waitingBytes} bytes wait for it`);
    }
  }

  #isBehind(): boolean {
    const { maxOutstandingRequests, pauseOutputBytes } = this.#host.limits;
    return this.#outstanding >= maxOutstandingRequests || this.#output.waitingBytes >= pauseOutputBytes;
  }

  #answerWord(word: string): void {
    this.#host.traffic.packetsReceived++;
    this.#host.traffic.bytesReceived += word.length;
    this.#record.received++;
    this.#stop();
    this.#output.endWith(this.#host.answerTo(word));
    this.#host.traffic.packetsSent++;
  }

  #failed(error: unknown): void {
    if (error instanceof MalformedJuteError) this.drop(`the client sent what is no request: ${error.message}`);
    else this.#host.failed(error);
  }

  #dropSilent(): void {
    this.#host.traffic.silentConnections++;
    this.drop(`no handshake came within ${this.#host.limits.handshakeTimeoutMs} ms`);
  }

  #socketClosed(): void {
    if (this.#input.unframedBytes > 0) this.drop('the client went in the middle of a request');
    this.#stop();
    this.#connection?.lost();
  }

  #stop(): void {
    this.#isOver = true;
    this.#handshakeTimer.cancel();
    this.#input.stop();
  }

  #details(): { readonly client: string; readonly session?: string } {
    const session = this.#record.session;
    return {
      client: `${this.address}:${this.#remotePort}`,
      ...(session && { session: hex(session.id) }),
    };
  }
}
