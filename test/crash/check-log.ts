import { leaderEpoch, type Random } from '@barnabas/model';
import { baseOffsetOf, lastOffsetOf } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';
import { check } from './check-failure.ts';
import { checkProducers, checkTransactions } from './check-producers.ts';
import type { ModelBatch, ModelLog } from './model-log.ts';
import { naiveEpochsOf, naiveTimestampOf } from './naive-state.ts';
import type { Reached } from './reached.ts';
import { readAll, readAt } from './read-all.ts';

/**
 * Checks an open log against what was appended to it: that it is a prefix, that no promise is broken, and that all that
 * is derived from the batches agrees with them. Then the model is as long as the log.
 */
export const checkLog = async (
  log: Log,
  model: ModelLog,
  safeEnd: number,
  random: Random,
  reached: Reached,
): Promise<void> => {
  checkEnds(log, model, safeEnd);
  const survivors = await checkContent(log, model, random);
  model.settleAt(log.startOffset, log.endOffset);
  checkEpochs(log, survivors);
  checkProducers(log, model, reached);
  await checkTransactions(log, model, reached);
  await checkLookups(log, survivors, random, reached);
};

const checkEnds = (log: Log, model: ModelLog, safeEnd: number): void => {
  const { startOffset, endOffset, name } = log;
  const { pending } = model;
  check(endOffset >= safeEnd, () => `${name} ends at ${endOffset}, but all below ${safeEnd} was acknowledged`);
  const mayBeginAnywhere = pending.kind === 'truncate' || pending.kind === 'truncateFully';
  if (mayBeginAnywhere && startOffset === endOffset) return;
  const starts = [model.startOffset, model.startAsked ?? model.startOffset];
  const found = `${name} starts at ${startOffset}, not at ${starts.join(' or ')}`;
  check(starts.includes(startOffset), () => found);
};

/** The batches that are there, which are those of the model up to some point. */
const checkContent = async (log: Log, model: ModelLog, random: Random): Promise<ModelBatch[]> => {
  const found = await readAll(log, random);
  const expected = model.batches.filter(({ next }) => next > log.startOffset);
  found.forEach((batch, index) => {
    const wanted = expected[index];
    check(
      wanted?.stored.equals(batch) === true,
      () =>
        `${log.name}: the batch at ${baseOffsetOf(batch)} is not the one that was appended at ${wanted?.base ?? 'no offset'}`,
    );
  });
  const survivors = expected.slice(0, found.length);
  const end = survivors.at(-1)?.next ?? log.startOffset;
  check(log.endOffset === end, () => `${log.name} ends at ${log.endOffset}, but what is there ends at ${end}`);
  return survivors;
};

const checkEpochs = (log: Log, survivors: readonly ModelBatch[]): void => {
  const expected = naiveEpochsOf(survivors, log.startOffset);
  const found = log.parts.epochs.entries;
  // The epoch of what was deleted may be remembered.
  if (survivors.length === 0 && found.length === 1) return;
  const text = (entries: readonly { epoch: number; startOffset: number }[]): string =>
    entries.map(({ epoch, startOffset }) => `${epoch}@${startOffset}`).join(' ');
  check(
    text(found) === text(expected),
    () => `${log.name}: epochs ${text(found)}, but the batches say ${text(expected)}`,
  );
  expected.forEach(({ epoch }, index) => {
    const end = expected[index + 1]?.startOffset ?? log.endOffset;
    const answer = log.endOffsetForEpoch(leaderEpoch(epoch))?.endOffset;
    check(answer === end, () => `${log.name}: epoch ${epoch} is said to end at ${answer}, not at ${end}`);
  });
};

const LOOKUPS = 5;

const checkLookups = async (
  log: Log,
  survivors: readonly ModelBatch[],
  random: Random,
  reached: Reached,
): Promise<void> => {
  const times = survivors.flatMap(({ timestamps }) => timestamps);
  for (let count = 0; count < LOOKUPS && log.endOffset > log.startOffset; count++) {
    const at = log.startOffset + random.below(log.endOffset - log.startOffset);
    const batch = await readAt(log, at);
    check(
      baseOffsetOf(batch) <= at && at <= lastOffsetOf(batch),
      () => `${log.name}: a read at ${at} begins elsewhere`,
    );
    const time = (times[random.below(times.length)] ?? 0) + random.below(3) - 1;
    const expected = naiveTimestampOf(survivors, time, log.startOffset);
    const answer = await log.offsetForTimestamp(time);
    if (expected !== undefined) reached.note('looked up by timestamp');
    check(
      answer?.offset === expected?.offset && answer?.timestamp === expected?.timestamp,
      () => `${log.name}: time ${time} is found at ${answer?.offset}, not at ${expected?.offset}`,
    );
  }
};
