import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { markOf, type ProcessMark } from '../../src/processes/process-mark.ts';

export type TestProcess = { readonly child: ChildProcess; readonly mark: ProcessMark };

const OBEDIENT = 'console.log("ready"); setInterval(() => {}, 1000)';
const STUBBORN = `process.on("SIGTERM", () => {}); ${OBEDIENT}`;

/** A process that ends when it is told to, or does not care. */
export const testProcess = async (kind: 'obedient' | 'stubborn' = 'obedient'): Promise<TestProcess> => {
  const child = spawn(process.execPath, ['-e', kind === 'obedient' ? OBEDIENT : STUBBORN], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const mark = markOf(child.pid ?? 0);
  if (mark === undefined) throw new Error('the process has ended');
  return { child, mark };
};

export const ended = async ({ child }: TestProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};
