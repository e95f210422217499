import type { Socket } from 'node:net';
import type { Scheduler, Timer } from '@barnabas/model';
import type { OutputGate, Receiver } from './output-gate.ts';

/** What the gate holds for a client: frames, and at last that its connection has to be closed. */
export type Said = SaidFrame | { readonly type: 'end' };

type SaidFrame = {
  readonly type: 'frame';
  readonly frame: Buffer;
  /** It answers a request; called when it is on its way. */
  readonly onSent: (() => void) | undefined;
};

/** How long a client may take to close its side when the server has closed its own. */
const LINGER_MS = 2000;

/**
 * What the server says to one client: held by the gate, then gathered until the end of an event or of a round of the
 * disk, then written to the socket at once.
 */
export class ClientOutput implements Receiver<Said> {
  readonly #socket: Socket;
  readonly #gate: OutputGate<Said>;
  readonly #scheduler: Scheduler;
  readonly #onFlushed: () => void;
  #heldBytes = 0;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #endsAfterFlush = false;
  #lingerTimer: Timer | undefined;

  /** @param onFlushed less may be waiting than before */
  constructor(socket: Socket, gate: OutputGate<Said>, scheduler: Scheduler, onFlushed: () => void) {
    this.#socket = socket;
    this.#gate = gate;
    this.#scheduler = scheduler;
    this.#onFlushed = onFlushed;
    socket.on('drain', () => onFlushed());
    socket.on('close', () => this.#lingerTimer?.cancel());
  }

  /** How much waits, for the disk or for the client to take it. */
  get waitingBytes(): number {
    return this.#heldBytes + this.#gatheredBytes + this.#socket.writableLength;
  }

  say(frame: Buffer, onSent?: () => void): void {
    this.#heldBytes += frame.length;
    this.#gate.say(this, { type: 'frame', frame, onSent });
  }

  /** Closes the connection after all that was said. */
  end(): void {
    this.#gate.say(this, { type: 'end' });
  }

  /** What was said without the gate, past all that is held: for a client that has said nothing to the engine. */
  endWith(text: string): void {
    this.#socket.write(text);
    this.#finish();
  }

  deliver(said: Said): void {
    if (said.type === 'end') {
      this.#endsAfterFlush = true;
      return;
    }
    this.#heldBytes -= said.frame.length;
    this.#gathered.push(said.frame);
    this.#gatheredBytes += said.frame.length;
    said.onSent?.();
  }

  flush(): void {
    const gathered = this.#gathered;
    if (gathered.length > 0) {
      const [first, ...others] = gathered;
      const bytes = others.length === 0 && first !== undefined ? first : Buffer.concat(gathered, this.#gatheredBytes);
      this.#gathered = [];
      this.#gatheredBytes = 0;
      if (this.#socket.writable) this.#socket.write(bytes);
    }
    if (this.#endsAfterFlush) this.#finish();
    else this.#onFlushed();
  }

  /** Whatever the client sends from now on is read and thrown away: unread bytes would make the system cut the rest of ours. */
  #finish(): void {
    if (this.#lingerTimer !== undefined || this.#socket.destroyed) return;
    this.#lingerTimer = this.#scheduler.after(LINGER_MS, () => this.#socket.destroy());
    this.#socket.end();
    this.#socket.resume();
  }
}
