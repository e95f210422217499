import { pause } from '../pause.ts';
import { isAlive, type ProcessMark } from './process-mark.ts';

const POLL_MS = 20;

export type Stopped = 'stopped' | 'killed';

/** Asks the process to end, waits until it has, and kills it where it has not within `deadlineMs`. */
export async function stopProcess(mark: ProcessMark, deadlineMs: number): Promise<Stopped> {
  send(mark, 'SIGTERM');
  if (await isGone(mark, deadlineMs)) return 'stopped';
  send(mark, 'SIGKILL');
  // A stopped one takes it as well; only a disk that hangs keeps it.
  await isGone(mark, deadlineMs);
  return 'killed';
}

/** To that process only: no other one that has its number by now. */
export function send(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch (error) {
    // It may end at this moment.
    if (isAlive(mark)) throw error;
  }
}

async function isGone(mark: ProcessMark, deadlineMs: number): Promise<boolean> {
  const untilMs = performance.now() + deadlineMs;
  while (isAlive(mark)) {
    if (performance.now() >= untilMs) return false;
    await pause(POLL_MS);
  }
  return true;
}
