import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { guardFor } from '../guard.ts';

/** What a program has written so far. */
export type Output = { readonly lines: readonly string[]; readonly complaints: readonly string[] };

export type RunningProgram = Output & {
  /** Its standard input; to be ended. */
  readonly input: Writable;
  /** Resolves when it has ended well; rejects where it ends otherwise. */
  readonly ended: Promise<void>;
  /** SIGTERM, and SIGKILL to one that does not end by that; resolves when it is gone, however it ends. */
  stop(): Promise<void>;
};

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const MAX_MS = 240_000;
/** librdkafka does not always come back from closing. */
const STOP_MAX_MS = 20_000;
const LINES_SHOWN = 20;

/** Starts a program; gone with this process at the latest. */
export function startProgram(command: string, args: readonly string[]): RunningProgram {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: MAX_MS });
  const guard = guardFor(child);
  child.once('exit', () => guard?.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const output = { lines: linesOf(child.stdout), complaints: linesOf(child.stderr) };
  const ended = endOf(child, `${command} ${args.join(' ')}`, output);
  ended.catch(() => {});
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
    await ended.catch(() => {});
    clearTimeout(late);
  };
  return { ...output, input: child.stdin, ended, stop };
}

/** Runs it to its end, with that input. Rejects where it does not end well. */
export async function runProgram(command: string, args: readonly string[], input = ''): Promise<Output> {
  const program = startProgram(command, args);
  program.input.end(input);
  await program.ended;
  return program;
}

function linesOf(stream: Readable): string[] {
  const lines: string[] = [];
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => lines.push(line));
  return lines;
}

async function endOf(child: Child, what: string, { lines, complaints }: Output): Promise<void> {
  const [code, signal] = await once(child, 'close');
  if (code === 0) return;
  const said = [...lines.slice(-LINES_SHOWN), ...complaints.slice(-LINES_SHOWN)].join('\n');
  throw new Error(`${what}\nended with ${code ?? signal}:\n${said}`);
}
