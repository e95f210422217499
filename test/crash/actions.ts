/** What a session does to its logs, one step at a time, without waiting for the end of it. */
import { leaderEpoch, offset } from '@barnabas/model';
import { deleteBefore, truncateFullyAndStartAt, truncateTo } from '@barnabas/storage';
import { chance, pick } from '@barnabas/testkit';
import { check } from './check-failure.ts';
import { type ModelBatch, ModelLog, NOTHING_PENDING } from './model-log.ts';
import { naiveStateOf } from './naive-state.ts';
import { randomBatch } from './random-batch.ts';
import type { Session } from './session.ts';

type Action = (session: Session, model: ModelLog) => void;

const MAX_LOGS = 5;

/** Does one thing, mostly to some log that is not being changed as a whole. */
export const takeStep = (session: Session): void => {
  const { random } = session.settings;
  const free = [...session.models.values()].filter(({ isBusy }) => !isBusy);
  if (free.length === 0 || chance(random, 0.03)) createLog(session);
  else pick(random, ACTIONS)(session, pick(random, free));
};

const appendAsLeader: Action = (session, model) => {
  const { random } = session.settings;
  const log = session.logOf(model);
  for (let count = 1 + random.below(4); count > 0; count--) {
    const batch = nextBatch(session, model);
    const origin = batch.producer?.marker === undefined ? 'client' : 'coordinator';
    const appended = log.appendAsLeader(Buffer.from(batch.sent), leaderEpoch(model.leaderEpoch), origin);
    check(
      !appended.duplicate && appended.firstOffset === batch.base && appended.lastOffset === batch.next - 1,
      () => `${log.name}: appended at ${appended.firstOffset} to ${appended.lastOffset}, not at ${batch.base}`,
    );
    take(session, model, [batch], appended.acknowledged);
  }
};

const appendAsFollower: Action = (session, model) => {
  const { random } = session.settings;
  const batches: ModelBatch[] = [];
  for (let count = 1 + random.below(4); count > 0; count--) {
    if (chance(random, 0.3)) model.leaderEpoch++;
    batches.push(nextBatch(session, model, batches));
  }
  const appended = session.logOf(model).appendAsFollower(Buffer.concat(batches.map(({ stored }) => stored)));
  take(session, model, batches, appended.acknowledged);
};

const sendAgain: Action = (session, model) => {
  const last = [...naiveStateOf(model.batches).producers.values()].map(({ lastBatch }) => lastBatch);
  const batch = pick(session.settings.random, [undefined, ...last]);
  const log = session.logOf(model);
  if (batch === undefined || batch.base < log.startOffset) return;
  const { duplicate, acknowledged } = log.appendAsLeader(Buffer.from(batch.sent), leaderEpoch(model.leaderEpoch));
  check(duplicate, () => `${log.name}: the batch at ${batch.base} was appended twice`);
  const { life } = model;
  session.expect('sending again', acknowledged, () => model.acknowledge(batch.next, life));
};

const beginEpoch: Action = (session, model) => {
  const { endOffset, life } = model;
  model.leaderEpoch++;
  const log = session.logOf(model);
  log.beginEpoch(leaderEpoch(model.leaderEpoch));
  session.expect('flush in a new epoch', log.flush(), () => model.flushed(endOffset, life));
};

const flush: Action = (session, model) => {
  const { endOffset, life } = model;
  session.expect('flush', session.logOf(model).flush(), () => model.flushed(endOffset, life));
};

const truncate: Action = (session, model) => {
  if (model.startAsked !== undefined || model.endOffset === 0) return;
  const lowest = Math.max(0, model.startOffset - 10);
  const target = lowest + session.settings.random.below(model.endOffset + 5 - lowest);
  const end = target <= model.startOffset ? 0 : model.cutEnd(target);
  session.trace(`${name(model)} truncate to ${target}, which is at ${end}, of ${model.endOffset}`);
  model.pending = { kind: 'truncate', to: end };
  const log = session.logOf(model);
  session.expect('truncation', truncateTo(log, offset(target)), () => {
    const { startOffset, endOffset } = log;
    const isAt = end === 0 ? endOffset <= target && endOffset === startOffset : endOffset === end;
    check(isAt, () => `${log.name} ends at ${log.endOffset} after a truncation to ${target}, not at ${end}`);
    model.settleAt(log.startOffset, log.endOffset);
    model.goOnInEpoch(session.settings.random);
  });
};

const truncateFully: Action = (session, model) => {
  const { random } = session.settings;
  if (model.startAsked !== undefined || chance(random, 0.5)) return;
  const start = pick(random, [random.below(model.endOffset + 50), ...model.closedAt]);
  session.trace(`${name(model)} truncate fully and start at ${start}`);
  model.pending = { kind: 'truncateFully', start };
  const log = session.logOf(model);
  session.expect('full truncation', truncateFullyAndStartAt(log, offset(start)), () => {
    model.batches = [];
    model.settleAt(start, start);
    model.goOnInEpoch(random);
  });
};

const deleteRecords: Action = (session, model) => {
  const span = model.acknowledgedEnd - model.startOffset;
  if (model.startAsked !== undefined || span <= 0) return;
  const start = model.startOffset + 1 + session.settings.random.below(span);
  session.trace(`${name(model)} delete before ${start}`);
  model.startAsked = start;
  session.expect('deleting records', deleteBefore(session.logOf(model), offset(start)), () => {
    model.startOffset = start;
    model.startAsked = undefined;
  });
};

const moveHighWatermark: Action = (session, model) => {
  const within = session.settings.random.below(model.acknowledgedEnd - model.startOffset + 1);
  session.logOf(model).updateHighWatermark(offset(model.startOffset + within));
};

const deleteLog: Action = (session, model) => {
  if (model.startAsked !== undefined || chance(session.settings.random, 0.5)) return;
  session.trace(`${name(model)} delete`);
  model.pending = { kind: 'delete' };
  session.expect('deleting a log', session.manager.delete(model.topicPartition), () => {
    session.models.delete(name(model));
  });
};

const createLog = (session: Session): void => {
  const topicPartition = { topic: 'events', partition: session.settings.random.below(MAX_LOGS) };
  if (session.modelOf(topicPartition) !== undefined) return;
  const model = new ModelLog(topicPartition);
  session.trace(`${name(model)} create`);
  model.pending = { kind: 'create' };
  session.models.set(name(model), model);
  session.expect('creating a log', session.manager.create(topicPartition, 'AAAAAAAAAAAAAAAAAAAAAQ'), () => {
    model.pending = NOTHING_PENDING;
  });
};

const checkpoint: Action = (session) => {
  session.expect('checkpoint', session.manager.checkpoint(), () => {});
};

const letTimePass: Action = (session) => {
  void session.scheduler.advanceBy(session.settings.random.below(3000));
};

const ACTIONS: readonly Action[] = [
  ...Array.from({ length: 10 }, () => appendAsLeader),
  ...Array.from({ length: 3 }, () => appendAsFollower),
  ...[sendAgain, flush, flush, beginEpoch, truncate, truncateFully, deleteRecords],
  ...[moveHighWatermark, deleteLog, checkpoint, checkpoint, letTimePass],
];

const nextBatch = (session: Session, model: ModelLog, before: readonly ModelBatch[] = []): ModelBatch => {
  const { random, clock, config } = session.settings;
  const place = {
    base: before.at(-1)?.next ?? model.endOffset,
    startOffset: model.startOffset,
    epoch: model.leaderEpoch,
    nowMs: clock.nowMs(),
    segmentBytes: config.segmentBytes,
  };
  return randomBatch(random, naiveStateOf([...model.batches, ...before]), place);
};

const take = (session: Session, model: ModelLog, batches: readonly ModelBatch[], done: Promise<void>): void => {
  model.batches.push(...batches);
  const { endOffset, life } = model;
  session.trace(`${name(model)} append up to ${endOffset}, epoch ${model.leaderEpoch}`);
  session.expect('append', done, () => model.acknowledge(endOffset, life));
};

const name = ({ topicPartition: { topic, partition } }: ModelLog): string => `${topic}-${partition}`;
