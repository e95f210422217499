/**
 * How soon a dead broker is noticed. On one machine no network gets lost, so that the 18 s of Kafka's default would only make
 * people wait; 6 s, Kafka's own until 2.5, are still more than a busy laptop stops a process for. The server's tick says how
 * exactly sessions end, and what it grants: from 2 to 20 ticks, which with 500 ms is 1 to 10 s.
 */
export const SESSION_TIMEOUT_MS = 6000;
export const TICK_TIME_MS = 500;

/**
 * How soon a broker that stops asks again to hand over what it leads; Kafka waits for 5 s. The last one of a cluster has nobody
 * to hand over to, and asks three times in vain.
 */
export const SHUTDOWN_RETRY_MS = 200;
