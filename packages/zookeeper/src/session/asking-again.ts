import { isZooKeeperError } from './zookeeper-error.ts';

const SHORTEST_MS = 100;
const LONGEST_MS = 1000;

/** Whether the same request may fare better once there is a connection, or a little later. */
export function isPassing(error: unknown): boolean {
  return isOfConnection(error) || isOfBusyServer(error);
}

/**
 * How long to wait before asking again after so many passing errors in a row, this one counted: nothing where a new
 * connection is waited for anyway; else a time that doubles, so that a server that is in distress is left alone.
 */
export function delayBeforeAgainMs(error: unknown, failures: number): number {
  return isOfConnection(error) ? 0 : Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (failures - 1));
}

/** SESSION_MOVED costs the connection, see `SessionCore`. */
function isOfConnection(error: unknown): boolean {
  return (
    isZooKeeperError(error, 'CONNECTION_LOSS') ||
    isZooKeeperError(error, 'OPERATION_TIMEOUT') ||
    isZooKeeperError(error, 'SESSION_MOVED')
  );
}

function isOfBusyServer(error: unknown): boolean {
  return (
    isZooKeeperError(error, 'THROTTLED_OP') ||
    isZooKeeperError(error, 'REQUEST_TIMEOUT') ||
    isZooKeeperError(error, 'SYSTEM_ERROR')
  );
}
