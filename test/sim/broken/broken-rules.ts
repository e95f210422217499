/**
 * The rules, broken one at a time, by methods that are replaced in the process: for tests to show that the simulation would find
 * out. None of this is ever undone; each runs in a process of its own.
 */
import { type LeaderEpoch, offset } from '@barnabas/model';
import { type FileSystem, Log, truncateTo } from '@barnabas/storage';
import { CONTROLLER_EPOCH_PATH, runBatches } from '@barnabas/zookeeper';
import { UncleanMark } from '../../../packages/broker/src/node/unclean-mark.ts';
import { FollowedReplica } from '../../../packages/broker/src/replication/partition/followed-replica.ts';
import { Leadership } from '../../../packages/broker/src/replication/partition/leadership.ts';
import { Partition } from '../../../packages/broker/src/replication/partition/partition.ts';
import { RemoteReplica } from '../../../packages/broker/src/replication/partition/remote-replica.ts';
import { ReplicaLogs } from '../../../packages/broker/src/replication/replica-logs.ts';
import { ProduceRequest } from '../../../packages/broker/src/replication/waits/produce-request.ts';
import { TermEvents } from '../../../packages/controller/src/term/term-events.ts';
import { FencedSession } from '../../../packages/controller/src/znodes/fenced-session.ts';
import { LogWriter } from '../../../packages/storage/src/commit/log-writer.ts';
import type { RunOptions } from '../world/run-options.ts';
import { withoutFile, withoutSync } from './broken-file-systems.ts';

export type BrokenRule = {
  readonly name: string;
  /** What is broken by it, in words. */
  readonly what: string;
  /** Runs in which it matters. */
  readonly options?: Partial<RunOptions>;
  readonly wrapFs?: (fs: FileSystem) => FileSystem;
  readonly apply?: () => void;
};

const ANY_VERSION = -1;

const replaceGetter = (owner: object, name: string, get: (this: never) => unknown): void => {
  Object.defineProperty(owner, name, { get, configurable: true });
};

const getterOf = <T>(owner: object, name: string): ((self: object) => T) => {
  const { get } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
  if (get === undefined) throw new Error(`there is no ${name} any more`);
  return (self) => get.call(self) as T;
};

export const BROKEN_RULES: readonly BrokenRule[] = [
  {
    name: 'flush',
    what: 'no disk flushes anything',
    options: { flushMode: 'group' },
    wrapFs: withoutSync(() => true),
  },
  {
    name: '1-controller-fence',
    what: 'rule 1: a controller writes without a look at the controller epoch',
    options: {
      faults: ['a controller is replaced and does not hear of it', 'a broker is killed'],
      replicaLagTimeMaxMs: 1000,
    },
    apply() {
      FencedSession.prototype.write = function (ops) {
        return this.session.multi(ops);
      };
      FencedSession.prototype.writeBatches = function (ops, maxOps) {
        const check = { type: 'check', path: CONTROLLER_EPOCH_PATH, version: ANY_VERSION } as const;
        return runBatches(this.session, ops, { prefix: [check], maxOps });
      };
    },
  },
  {
    name: '2-left-out',
    what: 'rule 2: a member of the ISR that has not fetched in the epoch is left out of the minimum',
    apply() {
      const endOffset = getterOf<number | undefined>(RemoteReplica.prototype, 'endOffset');
      replaceGetter(RemoteReplica.prototype, 'endOffset', function (this: object) {
        return endOffset(this) ?? offset(Number.MAX_SAFE_INTEGER);
      });
    },
  },
  {
    name: '2-min-isr',
    what: 'rule 2: the high watermark moves though too few are in sync',
    apply() {
      replaceGetter(Leadership.prototype, 'isUnderMinIsr', () => false);
    },
  },
  {
    name: '3-early-join',
    what: 'rule 3: a follower joins before it has reached the start of the epoch',
    options: {
      networkLatencyMs: { min: 1, max: 20 },
      faults: ['a broker is killed', 'all brokers are killed', 'a broker is cut off from its peers'],
    },
    apply() {
      const { lead } = Partition.prototype;
      Partition.prototype.lead = function (log, assignment) {
        lead.call(this, log, assignment);
        if (this.leadership !== undefined) Object.defineProperty(this.leadership, 'epochStart', { value: offset(0) });
      };
    },
  },
  {
    name: '4-no-divergence',
    what: 'rule 4: a leader does not tell where logs part',
    apply() {
      Log.prototype.endOffsetForEpoch = function (epoch: LeaderEpoch) {
        return { epoch, endOffset: this.endOffset };
      };
    },
  },
  {
    name: '4-own-high-watermark',
    what: 'rule 4: a follower cuts its log to its own high watermark',
    apply() {
      const { follow } = Partition.prototype;
      Partition.prototype.follow = function (log, assignment) {
        follow.call(this, log, assignment);
        void this.queue.run(() => truncateTo(log, log.highWatermark)).catch(() => {});
      };
    },
  },
  {
    name: '5-leader-unflushed',
    what: 'rule 5: a leader counts what it has not flushed',
    options: { flushMode: 'group' },
    apply() {
      replaceGetter(LogWriter.prototype, 'safeEndOffset', function (this: LogWriter) {
        return this.writtenEndOffset;
      });
    },
  },
  {
    name: '5-follower-unflushed',
    what: 'rule 5: a follower asks for what comes after what it has not flushed',
    options: { flushMode: 'group' },
    apply() {
      replaceGetter(FollowedReplica.prototype, 'fetchOffset', function (this: FollowedReplica) {
        return this.logEndOffset;
      });
      const { append } = FollowedReplica.prototype;
      FollowedReplica.prototype.append = async function (epoch, fetched) {
        append.call(this, epoch, fetched).catch(() => {});
      };
    },
  },
  {
    name: '5-no-mark',
    what: 'rule 5: a broker that may lack records does not say so',
    options: { flushMode: 'os' },
    apply() {
      replaceGetter(UncleanMark.prototype, 'isSet', () => false);
    },
  },
  {
    name: '6-corruption-cut',
    what: 'rule 6: what is damaged below the last flush is cut like a torn tail',
    options: { flushMode: 'group', corrupts: true, exclusiveChance: 0.5, faults: ['a broker is killed'] },
    wrapFs: withoutFile((path) => path.endsWith('/recovery-point-offset-checkpoint')),
    apply() {
      replaceGetter(UncleanMark.prototype, 'isSet', () => false);
    },
  },
  {
    name: '7-said-not-appended',
    what: 'rule 7: who waits for a leader that goes hears that nothing was appended',
    apply() {
      const { settle } = ProduceRequest.prototype;
      ProduceRequest.prototype.settle = function (place, result) {
        const isDoubtful = result.kind === 'failed' && result.appended;
        settle.call(this, place, isDoubtful ? { ...result, error: 'NOT_LEADER_OR_FOLLOWER', appended: false } : result);
      };
    },
  },
  {
    name: '8-no-second-look',
    what: 'rule 8: one who led appends without a second look at the epoch',
    apply() {
      const { append, lead } = Partition.prototype;
      const led = new WeakMap<Partition, LeaderEpoch>();
      Partition.prototype.lead = function (log, assignment) {
        led.set(this, assignment.leaderEpoch);
        lead.call(this, log, assignment);
      };
      Partition.prototype.append = function (bytes, options) {
        const epoch = led.get(this);
        if (this.leadership !== undefined || epoch === undefined || this.log === undefined) {
          return append.call(this, bytes, options);
        }
        return this.log.appendAsLeader(bytes, epoch, options.origin);
      };
    },
  },
  {
    name: '9-told-once',
    what: 'rule 9: a watch is not armed again',
    apply() {
      const { once } = TermEvents.prototype;
      TermEvents.prototype.once = function (name, run) {
        const tell = once.call(this, name, run);
        let wasTold = false;
        return () => {
          if (!wasTold) tell();
          wasTold = true;
        };
      };
    },
  },
  {
    name: '10-not-deleted',
    what: 'rule 10: a replica of a topic that is deleted stays where it is',
    options: { recreates: true },
    apply() {
      ReplicaLogs.prototype.delete = async () => {};
    },
  },
];
