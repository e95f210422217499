import type { Clock, Scheduler } from '@barnabas/model';
import type { AskedFetch } from '../asked-fetch.ts';
import { type AnsweredPartition, isUrgent, type PartitionAnswer, recordBytesOf } from '../partition-answer.ts';
import type { PartitionReader } from '../partition-reader.ts';
import type { FetchSession } from './fetch-session.ts';
import type { SessionPartition } from './session-partition.ts';
import type { SessionTurn } from './session-turn.ts';

export type SessionFetchOptions = {
  readonly read: PartitionReader;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly scheduler: Pick<Scheduler, 'after'>;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
};

type Found = Map<SessionPartition, PartitionAnswer>;

/**
 * Answers an incremental request: looks at the partitions of which there is news, until there are records, an error or a
 * divergence, or the wait is over. What was found and not answered, because the next request came, is looked at again.
 *
 * @returns what the asker does not know yet
 */
export const fetchInSession = async (
  session: FetchSession,
  asked: AskedFetch,
  { read, clock, scheduler, signal }: SessionFetchOptions,
): Promise<AnsweredPartition[]> => {
  const turn = await session.takeTurn();
  const onAbort = (): void => turn.interrupt();
  signal.addEventListener('abort', onAbort);
  const timer = scheduler.after(asked.maxWaitMs, () => turn.endWait());
  if (asked.maxWaitMs === 0) turn.endWait();
  const found: Found = new Map();
  try {
    // With more to wait for than the first byte, reading at all news would be in vain: the replicas know when it is enough.
    if (asked.minBytes > 1) await look(session.takeAll(clock.steadyMs()), asked.maxWaitMs);
    else await lookUntilEnough();
    return turn.isInterrupted ? [] : told(found);
  } finally {
    if (turn.isInterrupted) session.putBack(found.keys());
    timer.cancel();
    signal.removeEventListener('abort', onAbort);
    turn.end();
  }

  async function lookUntilEnough(): Promise<void> {
    for (;;) {
      await look(session.takeChanged(), 0);
      if (turn.isInterrupted || turn.isTimeUp || isEnough(found, asked)) return;
      await turn.woken();
    }
  }

  async function look(partitions: readonly SessionPartition[], maxWaitMs: number): Promise<void> {
    if (partitions.length === 0 || turn.isInterrupted) {
      session.putBack(partitions);
      return;
    }
    const read = await readAll(partitions, maxWaitMs, turn);
    for (const [partition, answer] of read) found.set(partition, answer);
    session.onRead(read, asked.maxBytes);
  }

  async function readAll(
    partitions: readonly SessionPartition[],
    maxWaitMs: number,
    turn: SessionTurn,
  ): Promise<Found> {
    try {
      const asks = partitions.map(({ asked }) => asked);
      const answers = await read(asked, asks, { maxWaitMs, signal: turn.signal });
      return new Map(partitions.flatMap((partition, at) => pairOf(partition, answers[at])));
    } catch (error) {
      session.putBack(partitions);
      if (turn.isInterrupted) return new Map();
      throw error;
    }
  }
};

const pairOf = (
  partition: SessionPartition,
  answered: AnsweredPartition | undefined,
): [SessionPartition, PartitionAnswer][] => (answered === undefined ? [] : [[partition, answered.answer]]);

const isEnough = (found: Found, { minBytes }: AskedFetch): boolean => {
  let bytes = 0;
  for (const answer of found.values()) {
    if (isUrgent(answer)) return true;
    bytes += recordBytesOf(answer);
  }
  return bytes >= minBytes;
};

const told = (found: Found): AnsweredPartition[] => {
  const toTell = [...found].filter(([partition, answer]) => partition.isToTell(answer));
  for (const [partition, answer] of toTell) partition.onTold(answer);
  return toTell.map(([{ asked }, answer]) => ({ asked, answer }));
};
