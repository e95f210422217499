import type { Writable } from 'node:stream';

/** Where a command prints to. */
export type Terminal = {
  /** Results. Answers a promise where the reader is behind; fails with OutputError once they cannot be written. */
  readonly out: (text: string) => void | Promise<void>;
  /** A line beside the results: warnings and errors. */
  readonly err: (line: string) => void;
};

/** Results could not be written. `isClosed`: the reader wants no more, like `head` when it has seen enough. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly isClosed: boolean;
  constructor(cause: Error) {
    super('the output could not be written', { cause });
    this.isClosed = 'code' in cause && cause.code === 'EPIPE';
  }
}

/** A terminal over two streams, of which nobody else handles the errors. */
export class StreamTerminal implements Terminal {
  readonly #stdout: Writable;
  readonly #stderr: Writable;
  #failure: OutputError | undefined;

  constructor(stdout: Writable, stderr: Writable) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    stdout.on('error', (error) => {
      this.#failure ??= new OutputError(error);
    });
    // Nobody is left to be told.
    stderr.on('error', () => {});
  }

  readonly out = (text: string): void | Promise<void> => {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#stdout.write(text)) return this.finish();
  };

  readonly err = (line: string): void => {
    this.#stderr.write(`${line}\n`);
  };

  /** Resolves when all results are written. Rejects with OutputError if they could not be. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stdout.write('', () => resolve());
    });
    if (this.#failure !== undefined) throw this.#failure;
  }
}
