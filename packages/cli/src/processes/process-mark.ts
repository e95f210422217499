import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * A process and no other: numbers are given again after a while, and all of them after the machine was started anew.
 * `started` is whatever the system says of the time at which it began.
 */
export type ProcessMark = { readonly pid: number; readonly started: string; readonly command: string };

/** Linux tells by files; elsewhere `ps` does. */
const HAS_PROC = existsSync('/proc/self/stat');

/** The process that has this number now; undefined where there is none, or one that has ended and only waits for its parent. */
export function markOf(pid: number): ProcessMark | undefined {
  return HAS_PROC ? markFromProc(pid) : markFromPs(pid);
}

/** Whether the very process is still there. */
export function isAlive(mark: ProcessMark): boolean {
  const now = markOf(mark.pid);
  return now !== undefined && now.started === mark.started && now.command === mark.command;
}

/** Field 3 of proc_pid_stat(5), the first after the name in brackets, is the state; field 22 the start in ticks since boot. */
const FIELDS_FROM_STATE_TO_START = 19;

function markFromProc(pid: number): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { pid, started: `${fields[FIELDS_FROM_STATE_TO_START]} of ${boot}`, command };
  } catch {
    return undefined;
  }
}

function markFromPs(pid: number): ProcessMark | undefined {
  try {
    const options = ['-ww', '-o', 'stat=,lstart=,command=', '-p', `${pid}`];
    const [state = '', ...rest] = execFileSync('ps', options, { encoding: 'utf8' }).trim().split(/\s+/);
    // The time has five parts: Sat Nov 21 18:20:00 2026.
    if (state === '' || state.startsWith('Z')) return undefined;
    return { pid, started: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
  } catch {
    return undefined;
  }
}
