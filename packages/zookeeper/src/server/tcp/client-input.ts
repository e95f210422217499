import type { Socket } from 'node:net';
import { FrameSplitter } from '../../jute/frame-splitter.ts';
import { FirstBytes } from './first-bytes.ts';

/** Of what says how long a frame is. */
const LENGTH_BYTES = 4;

/** What becomes of a client's bytes. */
export type InputHandler = {
  /** Whether a connection may begin with these four letters instead of a frame. */
  isWord(word: string): boolean;
  word(word: string): void;
  /** Throws MalformedJuteError where the frame is not what it should be. */
  frame(frame: Buffer): void;
  /** Whether no more should be executed until `goOn` is called. */
  isBehind(): boolean;
  /** All frames that came with one event have been executed, up to one that failed, or as many as the client may have waiting. */
  turnEnded(): void;
  /** What `frame` threw, or the FrameSplitter. */
  failed(error: unknown): void;
};

/**
 * Reads one client's bytes: a four-letter word, or frames. All frames of one event are executed in one go, unless the
 * client has too much waiting: then the rest of them are put off, and nothing more is read from the socket.
 */
export class ClientInput {
  readonly #socket: Socket;
  readonly #handler: InputHandler;
  readonly #splitter: FrameSplitter;
  readonly #firstBytes: FirstBytes;
  #isOpened = false;
  /** Of the bytes read last, the frames that are still to be executed; undefined where there are none. */
  #frames: Iterator<Buffer, void> | undefined;
  #unframedBytes = 0;
  #isExecuting = false;
  #isPaused = false;
  #isStopped = false;

  constructor(socket: Socket, maxFrameBytes: number, handler: InputHandler) {
    this.#socket = socket;
    this.#handler = handler;
    this.#splitter = new FrameSplitter(maxFrameBytes);
    this.#firstBytes = new FirstBytes((word) => handler.isWord(word));
    socket.on('data', (chunk: Uint8Array) => this.#read(chunk));
  }

  /** Bytes that have come and are not a whole frame yet. */
  get unframedBytes(): number {
    return this.#unframedBytes;
  }

  get isReading(): boolean {
    return !this.#isPaused && !this.#isStopped;
  }

  /** Executes what was put off, and reads on; no effect unless it had to be put off and need not be any more. */
  goOn(): void {
    if (this.#isPaused && !this.#isExecuting && !this.#isStopped && !this.#handler.isBehind()) this.#execute();
  }

  /** Executes nothing any more, neither what was put off nor what comes. */
  stop(): void {
    this.#isStopped = true;
    this.#frames = undefined;
  }

  #read(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    this.#unframedBytes += chunk.length;
    const bytes = this.#isOpened ? chunk : this.#open(chunk);
    if (bytes === undefined) return;
    this.#frames = this.#splitter.push(bytes);
    this.#execute();
  }

  #open(chunk: Uint8Array): Uint8Array | undefined {
    const opening = this.#firstBytes.push(chunk);
    if (opening === undefined) return undefined;
    this.#isOpened = true;
    if (opening.type === 'frames') return opening.bytes;
    this.#unframedBytes = 0;
    this.#handler.word(opening.word);
    return undefined;
  }

  #execute(): void {
    this.#isExecuting = true;
    try {
      while (this.#mayExecute() && this.#executeNext());
      this.#handler.turnEnded();
    } catch (error) {
      this.#handler.failed(error);
      // What was executed before may have told others something.
      this.#handler.turnEnded();
    } finally {
      this.#isExecuting = false;
    }
    if (!this.#isStopped) this.#setPaused(this.#frames !== undefined || this.#handler.isBehind());
  }

  #mayExecute(): boolean {
    if (this.#handler.isBehind()) this.#handler.turnEnded();
    return !this.#handler.isBehind();
  }

  /** Whether there was a frame. */
  #executeNext(): boolean {
    const next = this.#frames?.next();
    if (next === undefined || next.done) {
      this.#frames = undefined;
      return false;
    }
    this.#unframedBytes -= LENGTH_BYTES + next.value.length;
    this.#handler.frame(next.value);
    return true;
  }

  #setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }
}
