import { KafkaError, leaderEpoch } from '@barnabas/model';
import type { Log } from '@barnabas/storage';
import { CheckFailure, check } from './check-failure.ts';
import type { ModelLog } from './model-log.ts';
import { naiveStateOf } from './naive-state.ts';
import { batchAfterGap } from './random-batch.ts';
import type { Reached } from './reached.ts';

/**
 * Each producer whose last batch is there is known: that batch again is answered as a duplicate, and one after a gap
 * refused. Of a producer whose last batch is below the log start nothing is promised.
 */
export const checkProducers = (log: Log, model: ModelLog, reached: Reached): void => {
  const epoch = leaderEpoch(model.leaderEpoch);
  for (const [id, { lastBatch }] of naiveStateOf(model.batches).producers) {
    const producer = lastBatch?.producer;
    if (lastBatch === undefined || producer === undefined || lastBatch.base < log.startOffset) continue;
    const again = log.appendAsLeader(Buffer.from(lastBatch.sent), epoch);
    check(
      again.duplicate && again.firstOffset === lastBatch.base && again.lastOffset === lastBatch.next - 1,
      () => `${log.name}: producer ${id} may append its batch of offset ${lastBatch.base} twice`,
    );
    reached.note('duplicate recognized');
    const refusal = refusalOf(() => log.appendAsLeader(batchAfterGap(lastBatch, producer, 0), epoch));
    check(refusal === 'OUT_OF_ORDER_SEQUENCE_NUMBER', () => `${log.name}: a gap of producer ${id} gives ${refusal}`);
    reached.note('sequence gap refused');
  }
};

/**
 * The aborted transactions and the last stable offset agree with the batches. Where a transaction began below the log
 * start, nothing is promised of it.
 */
export const checkTransactions = async (log: Log, model: ModelLog, reached: Reached): Promise<void> => {
  const { aborts, producers } = naiveStateOf(model.batches);
  const read = log.parts.segments.all.map((segment) => segment.abortedTransactions());
  const found = (await Promise.all(read).catch((cause: unknown) => unreadable(log, cause))).flat();
  for (const abort of aborts) {
    if (abort.dependsOn < log.startOffset) continue;
    const { producerId, firstOffset, lastOffset, lastStableOffset } = abort;
    const entry = found.find((candidate) => candidate.lastOffset === lastOffset);
    check(
      entry?.producerId === producerId &&
        entry.firstOffset === firstOffset &&
        entry.lastStableOffset === lastStableOffset,
      () => `${log.name}: of the transaction that was aborted at ${lastOffset} the index has ${JSON.stringify(entry)}`,
    );
    reached.note('aborted transaction found');
  }
  const markers = new Set(aborts.map(({ lastOffset }) => lastOffset));
  const foreign = found.find(({ lastOffset }) => !markers.has(lastOffset));
  check(foreign === undefined, () => `${log.name}: nothing was aborted at ${foreign?.lastOffset}`);
  const open = [...producers.values()].flatMap(({ openSince }) => (openSince === undefined ? [] : [openSince]));
  if (open.some((since) => since < log.startOffset)) return;
  if (open.length > 0) reached.note('transaction open when opened');
  const highWatermark = log.highWatermark;
  log.updateHighWatermark(log.endOffset);
  const stable = Math.min(log.endOffset, ...open);
  check(log.lastStableOffset === stable, () => `${log.name} is stable up to ${log.lastStableOffset}, not ${stable}`);
  log.updateHighWatermark(highWatermark);
};

const refusalOf = (append: () => unknown): string => {
  try {
    append();
    return 'no error';
  } catch (error) {
    if (error instanceof KafkaError) return error.error;
    throw new CheckFailure('a producer is refused with something else than a KafkaError', { cause: error });
  }
};

const unreadable = (log: Log, cause: unknown): never => {
  throw new CheckFailure(`${log.name}: its aborted transactions cannot be read: ${cause}`, { cause });
};
