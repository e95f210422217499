import type { GroupRequest } from '@barnabas/coordinator';
import { ERRORS, leaderEpoch, offset } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { HostedShard } from '../../src/groups/hosted-shard.ts';
import type { FetchedPartition, ProduceOptions, ProduceResult } from '../../src/replication/replicas.ts';
import { SerialQueue } from '../../src/replication/waits/serial-queue.ts';
import { CommitShard } from '../support/groups/commit-shard.ts';
import {
  commitRequest,
  fetchRequest,
  heartbeatRequest,
  joinRequest,
  syncRequest,
} from '../support/groups/group-requests.ts';
import { recordingLog } from '../support/recording-log.ts';

const LED = { topicPartition: { topic: '__consumer_offsets', partition: 3 }, leaderEpoch: leaderEpoch(6) };
const APPENDED: ProduceResult = {
  kind: 'appended',
  baseOffset: offset(0),
  logAppendTimeMs: undefined,
  logStartOffset: offset(0),
};
const EMPTY: FetchedPartition = {
  ...LED.topicPartition,
  error: undefined,
  highWatermark: 0,
  lastStableOffset: 0,
  logStartOffset: 0,
  divergingEpoch: undefined,
  abortedTransactions: undefined,
  records: [],
};

/** A shard over replicas that append when the test says so. */
class ShardLab {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly log = recordingLog();
  readonly shard = new CommitShard();
  readonly produced: { readonly options: ProduceOptions; settle: (result: ProduceResult) => void }[] = [];
  broken = 0;
  onProduce = (): void => {};
  readonly hosted = new HostedShard({
    led: LED,
    range: { start: offset(0), end: offset(0) },
    shard: this.shard,
    replicas: {
      fetch: async () => [EMPTY],
      produce: (_batches, options) => {
        const { promise, resolve } = Promise.withResolvers<readonly ProduceResult[]>();
        this.produced.push({ options, settle: (result) => resolve([result]) });
        this.onProduce();
        return promise;
      },
    },
    loadBufferBytes: 1000,
    loads: new SerialQueue(),
    codec: 'none',
    timeoutMs: 5000,
    clock: this.clock,
    scheduler: this.scheduler,
    metrics: { groupsLoaded: () => {} },
    log: this.log,
    onBroken: () => this.broken++,
  });

  static async loaded(): Promise<ShardLab> {
    const lab = new ShardLab();
    lab.hosted.start();
    await lab.scheduler.advanceBy(0);
    return lab;
  }

  ask(request: object, signal = new AbortController().signal) {
    return this.hosted.ask(request as GroupRequest, signal);
  }

  settle(index: number, result: ProduceResult = APPENDED): Promise<void> {
    this.produced[index]?.settle(result);
    return this.scheduler.advanceBy(0);
  }
}

const codeOf = (answer: object): number | undefined => (answer as { errorCode?: number }).errorCode;
const commitCode = (answer: object) =>
  (answer as { topics: { partitions: { errorCode: number }[] }[] }).topics[0]?.partitions[0]?.errorCode;

describe('the groups of a partition', () => {
  it('are not to be had before they are loaded, but for heartbeats', async () => {
    const lab = new ShardLab();
    lab.hosted.start();
    expect(codeOf(await lab.ask(joinRequest('g')))).toBe(ERRORS.COORDINATOR_LOAD_IN_PROGRESS.code);
    expect(codeOf(await lab.ask(heartbeatRequest('g')))).toBe(0);
    expect(codeOf(await lab.ask(syncRequest('g')))).toBe(ERRORS.REBALANCE_IN_PROGRESS.code);
    await lab.scheduler.advanceBy(0);
    expect(lab.shard.told).toEqual(['loaded']);
  });

  it('append under the leader epoch with acks=all, and answer once that is committed', async () => {
    const lab = await ShardLab.loaded();
    const answers: object[] = [];
    void lab.ask(commitRequest('g', { t: 5 })).then((answer) => answers.push(answer));
    expect(lab.produced.map(({ options }) => options)).toEqual([
      { acks: -1, timeoutMs: 5000, origin: 'coordinator', currentLeaderEpoch: 6 },
    ]);
    await lab.scheduler.advanceBy(4000);
    expect(answers).toEqual([]);
    await lab.settle(0);
    expect(answers.map(commitCode)).toEqual([0]);
  });

  it('append in the order in which they were asked, also where an answer is late', async () => {
    const lab = await ShardLab.loaded();
    const [one, two] = [lab.ask(commitRequest('g', { t: 5 })), lab.ask(commitRequest('g', { t: 6 }))];
    await lab.settle(0);
    await lab.settle(1);
    await Promise.all([one, two]);
    expect(lab.shard.told).toEqual(['loaded', 'OffsetCommit 1', 'OffsetCommit 2', 'committed 1', 'committed 2']);
    expect(lab.shard.offsets.get('g t')).toBe(6);
  });

  it('learn why nothing was committed, and not of epochs', async () => {
    const lab = await ShardLab.loaded();
    const answers = [1, 2].map((at) => lab.ask(commitRequest('g', { t: at })));
    const failed = { kind: 'failed', message: 'no', appended: false } as const;
    await lab.settle(0, { ...failed, error: 'NOT_ENOUGH_REPLICAS' });
    await lab.settle(1, { ...failed, error: 'FENCED_LEADER_EPOCH' });
    await Promise.all(answers);
    expect(lab.shard.told.slice(3)).toEqual(['failed 1 NOT_ENOUGH_REPLICAS', 'failed 2 NOT_LEADER_OR_FOLLOWER']);
  });

  it('carry out one turn before the next begins, also when an append brings the news that it is led no longer', async () => {
    const lab = await ShardLab.loaded();
    const { shard } = lab;
    const handle = shard.handle.bind(shard);
    shard.handle = (id, request) => [...handle(id, request), { kind: 'set timer', key: 'later', atMs: 0 }];
    lab.onProduce = () => lab.hosted.resign();
    const answer = await lab.ask(commitRequest('g', { t: 5 }));
    expect(commitCode(answer)).toBe(ERRORS.NOT_COORDINATOR.code);
    expect(lab.shard.told).toEqual(['loaded', 'OffsetCommit 1', 'resign']);
    expect(lab.scheduler.pendingTimers).toBe(0);
  });

  it('are told of timers, as long as they are there', async () => {
    const lab = await ShardLab.loaded();
    await lab.scheduler.advanceBy(600_000);
    expect(lab.shard.told).toEqual(['loaded', 'timer expiry']);
  });

  it('answer all who wait when they are led here no longer, and are told nothing after', async () => {
    const lab = await ShardLab.loaded();
    const [join, commit] = [lab.ask(joinRequest('g')), lab.ask(commitRequest('g', { t: 5 }))];
    lab.hosted.resign();
    expect(codeOf(await join)).toBe(ERRORS.NOT_COORDINATOR.code);
    expect(commitCode(await commit)).toBe(ERRORS.NOT_COORDINATOR.code);
    await lab.settle(0);
    expect(codeOf(await lab.ask(fetchRequest('g')))).toBe(ERRORS.NOT_COORDINATOR.code);
    lab.hosted.topicDeleted('t');
    expect(lab.shard.told).toEqual(['loaded', 'JoinGroup 1', 'OffsetCommit 2', 'resign']);
    expect(lab.scheduler.pendingTimers).toBe(0);
  });

  it('are told of who is gone, and owe no answer then', async () => {
    const lab = await ShardLab.loaded();
    const caller = new AbortController();
    const join = lab.ask(joinRequest('g'), caller.signal);
    caller.abort();
    await join;
    await lab.ask(joinRequest('g'), caller.signal);
    expect(lab.shard.told).toEqual(['loaded', 'JoinGroup 1', 'gone 1', 'JoinGroup 2', 'gone 2']);
  });

  it('go on after a request that nobody foresaw: it alone fails', async () => {
    const lab = await ShardLab.loaded();
    expect(codeOf(await lab.ask(syncRequest('g')))).toBe(ERRORS.UNKNOWN_SERVER_ERROR.code);
    expect(lab.log.lines).toContain('error: a request of a group failed unexpectedly');
    expect(codeOf(await lab.ask(fetchRequest('g')))).toBe(0);
    expect(lab.broken).toBe(0);
  });

  it('are given up where anything else fails: whoever waits is sent away, and they are to be loaded anew', async () => {
    const lab = await ShardLab.loaded();
    lab.shard.committed = () => {
      throw new Error('nobody foresaw it');
    };
    const join = lab.ask(joinRequest('g'));
    const commit = lab.ask(commitRequest('g', { t: 5 }));
    await lab.settle(0);
    expect(codeOf(await join)).toBe(ERRORS.NOT_COORDINATOR.code);
    expect(commitCode(await commit)).toBe(ERRORS.NOT_COORDINATOR.code);
    expect(lab.broken).toBe(1);
    expect(lab.scheduler.pendingTimers).toBe(0);
  });

  it('hear of topics that were deleted while they were loaded', async () => {
    const lab = new ShardLab();
    lab.hosted.start();
    lab.hosted.topicDeleted('t');
    await lab.scheduler.advanceBy(0);
    expect(lab.shard.told).toEqual(['loaded', 'deleted t']);
  });
});
