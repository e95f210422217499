import type { Socket } from 'node:net';
import type ConnectionManager from 'node-zookeeper-client/lib/ConnectionManager.js';
import { FrameSplitter } from '../jute/frame-splitter.ts';
import type { Dialled } from './dial.ts';

/** What happens on a connection; nothing after `lost`, `broken` or the owner's `cut`. */
export type ConnectionEvents = {
  /** Frames may be sent. What this throws, `broken` is told. */
  opened(): void;
  /** A frame came, without its length. What this throws, `broken` is told. */
  received(frame: Buffer): void;
  /** The other side, or the network, has closed it. */
  lost(reason: string): void;
  /** What came could not be taken. */
  broken(error: unknown): void;
};

/**
 * One socket to one server, from dialling to its end: bytes in, frames out. To the package it is its socket, one that
 * always takes more (what waits in it is bounded by the requests that the session has in flight) and that has no idle
 * timer (heartbeats are the session's matter).
 */
export class FrameConnection implements ConnectionManager.Output {
  readonly #socket: Socket;
  readonly #splitter: FrameSplitter;
  readonly #events: ConnectionEvents;
  #failure: string | undefined;
  #isOver = false;

  constructor({ socket, openedEvent }: Dialled, maxFrameBytes: number, events: ConnectionEvents) {
    this.#socket = socket;
    this.#splitter = new FrameSplitter(maxFrameBytes);
    this.#events = events;
    socket.on(openedEvent, () => {
      this.#guarded(() => events.opened());
    });
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => {
      this.#failure = messageOf(error);
    });
    socket.on('end', () => this.#lose());
    socket.on('close', () => this.#lose());
  }

  /** Frames of one turn of the event loop go out together. */
  write(frame: Buffer): boolean {
    if (this.#isOver) return true;
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(frame);
    return true;
  }

  setTimeout(): void {}

  /** By the package, on answers that do not fit; they never reach it. */
  destroy(): void {
    this.#lose();
  }

  /** Ends it at once; nothing of it is heard any more. */
  cut(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#guarded(() => {
      for (const frame of this.#splitter.push(chunk)) {
        if (this.#isOver) return;
        this.#events.received(frame);
      }
    });
  }

  #guarded(take: () => void): void {
    if (this.#isOver) return;
    try {
      take();
    } catch (error) {
      if (!this.#isOver) this.#events.broken(error);
    }
  }

  #lose(): void {
    if (this.#isOver) return;
    this.cut();
    this.#events.lost(this.#failure ?? 'the server closed the connection');
  }
}

/** Of a name with several addresses that all failed, Node says no more than their errors. */
function messageOf(error: Error): string {
  return error instanceof AggregateError && error.message === ''
    ? error.errors.map((each: unknown) => String(each)).join('; ')
    : error.message;
}
