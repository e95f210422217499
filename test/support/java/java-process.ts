import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { guardFor } from '../guard.ts';

export type JavaOptions = {
  readonly classPath: string;
  readonly mainClass: string;
  readonly args: readonly string[];
  /** Servers log what they do on their standard output, tools warnings on their standard error. */
  readonly kind: 'server' | 'tool';
  /** Beside those that every program gets. */
  readonly jvmOptions?: readonly string[];
  readonly cwd?: string;
  readonly input?: string;
};

/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

const JVM_OPTIONS = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Djava.awt.headless=true'];
/** Java 17 takes the encoding of its standard output from the first, later ones from the second. */
const UTF_8 = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8'];
const TAIL_LINES = 40;
const STOP_MAX_MS = 60_000;

/**
 * A Java program that runs. It ends with the test process at the latest, even if that is killed.
 *
 * Ends with `stop`, or by itself: see `exit`.
 */
export class JavaProcess {
  readonly #name: string;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: string[] = [];
  #stdout = '';
  #stderr = '';
  readonly #watchers = new Set<(line: string) => void>();
  /** When it has ended and all its output is here. Rejects where it could not be started. */
  readonly exit: Promise<Exit>;

  constructor({ classPath, mainClass, args, kind, jvmOptions = [], cwd, input }: JavaOptions) {
    this.#name = mainClass;
    const log4j = `-Dlog4j.configuration=file:${join(import.meta.dirname, `log4j-${kind}.properties`)}`;
    const options = [...JVM_OPTIONS, ...UTF_8, log4j, ...jvmOptions];
    this.#child = spawn('java', [...options, '-cp', classPath, mainClass, ...args], { cwd, stdio: 'pipe' });
    // A tool may end without having read its input.
    this.#child.stdin.on('error', () => {});
    this.#child.stdin.end(input);
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    const guard = guardFor(this.#child);
    this.exit = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        guard?.kill('SIGKILL');
        resolve(code ?? signal ?? 0);
      });
    });
  }

  /** undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The lines of its standard output so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The end of what it said, for errors. */
  get tail(): string {
    return [...this.#lines.slice(-TAIL_LINES), this.#stderr].join('\n');
  }

  /** The first line that matches, whether it is there or still comes. Rejects if it ends first or `maxMs` go by. */
  lineMatching(pattern: RegExp, maxMs: number): Promise<RegExpExecArray> {
    const matching = new Promise<RegExpExecArray>((resolve) => {
      const look = (line: string): void => {
        const match = pattern.exec(line);
        if (match !== null) resolve(match);
      };
      this.#lines.forEach(look);
      this.#watchers.add(look);
    });
    const ended = this.exit.then((exit) =>
      Promise.reject(this.#error(`it ended with ${exit} before it said ${pattern}`)),
    );
    return this.#within(maxMs, `it did not say ${pattern}`, [matching, ended]);
  }

  /** Calls `watcher` with each line from now on. */
  onLine(watcher: (line: string) => void): void {
    this.#watchers.add(watcher);
  }

  /** Halts the program, as if its machine stood still, and lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Sends the signal and waits for the end; kills it where that takes too long, and rejects. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit> {
    this.#child.kill(signal);
    try {
      return await this.ended(STOP_MAX_MS);
    } finally {
      this.#child.kill('SIGKILL');
    }
  }

  /** `exit`, which has to come within `maxMs`. */
  ended(maxMs: number): Promise<Exit> {
    return this.#within(maxMs, 'it did not end', [this.exit]);
  }

  #take(line: string): void {
    this.#lines.push(line);
    for (const watcher of this.#watchers) watcher(line);
  }

  /** The first of the promises to settle, if that is within `maxMs`. */
  async #within<T>(maxMs: number, otherwise: string, promises: readonly Promise<T>[]): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#error(`${otherwise} within ${maxMs} ms`)), maxMs);
    });
    try {
      return await Promise.race([...promises, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #error(what: string): Error {
    return new Error(`${this.#name}: ${what}. The end of what it said:\n${this.tail}`);
  }
}
