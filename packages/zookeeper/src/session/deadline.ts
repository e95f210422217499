import { ZooKeeperError } from './zookeeper-error.ts';

/** The longest that Node's timers count, some 24.8 days; what is longer they run at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/**
 * A time to wait that every scheduler can count: what is longer, also Infinity, is cut to the longest.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS where it is not a number
 */
export function boundedMs(deadlineMs: number): number {
  if (Number.isNaN(deadlineMs)) throw new ZooKeeperError('BAD_ARGUMENTS', 'a deadline of NaN ms is none');
  return Math.min(Math.max(0, deadlineMs), LONGEST_MS);
}

/** @throws ZooKeeperError BAD_ARGUMENTS unless it is a whole number of milliseconds that a request and a timer can hold */
export function checkTimeout(name: string, timeoutMs: number): void {
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= LONGEST_MS) return;
  throw new ZooKeeperError(
    'BAD_ARGUMENTS',
    `${name} is ${timeoutMs}, and has to be an integer from 1 to ${LONGEST_MS}`,
  );
}
