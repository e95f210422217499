import { readFileSync } from 'node:fs';

/** What a process has used; Linux alone knows it. */
export type ProcessUsage = { readonly cpuSeconds: number; readonly residentBytes: number };

/** Ticks per second in /proc, on every Linux since long. */
const TICKS_PER_SECOND = 100;

/** Of a running process, from /proc. */
export function processUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND, residentBytes: Number(resident) * 1024 };
}
