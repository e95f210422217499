import { KafkaError } from '@barnabas/model';
import { CommandError } from './command-error.ts';
import { OutputError } from './terminal.ts';
import { UsageError } from './usage-error.ts';

const SYSTEM_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['ENOTDIR', 'not a directory'],
  ['EISDIR', 'is a directory'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'not permitted'],
  ['ENOSPC', 'no space left on the device'],
  ['EROFS', 'the file system is read-only'],
  ['EADDRINUSE', 'the address is in use'],
  ['EADDRNOTAVAIL', 'this machine does not have the address'],
  ['ENOTFOUND', 'no such host'],
]);

/** Their messages are made for whoever reads the command's output. */
const FORESEEN = [KafkaError, UsageError, CommandError];

/** What went wrong, in one line. An error that nobody foresaw says so, and how to see where it came from. */
export const describeFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return oneLine(String(error));
  if (error instanceof OutputError) return `${error.message}: ${describeFailure(error.cause)}`;
  if (FORESEEN.some((kind) => error instanceof kind)) return oneLine(error.message);
  const system = systemReason(error);
  return system ?? `unexpected ${oneLine(`${error.name}: ${error.message}`)} (BARNABAS_DEBUG=1 shows where)`;
};

const systemReason = (error: Error): string | undefined => {
  if (!('syscall' in error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const reason = SYSTEM_REASONS.get(code) ?? oneLine(error.message);
  if ('path' in error) return `${error.path}: ${reason}`;
  if ('address' in error) return `${error.address}${'port' in error ? `:${error.port}` : ''}: ${reason}`;
  return 'hostname' in error ? `${error.hostname}: ${reason}` : reason;
};

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');
