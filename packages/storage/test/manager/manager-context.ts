import { brokerId, DEFAULT_LOG_CONFIG, type LogConfig, type TopicPartition } from '@barnabas/model';
import { SimulatedClock, SimulatedDisk, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { LogManager, type LogManagerOptions } from '../../src/manager/log-manager.ts';
import type { LogDirFailedError } from '../../src/storage-errors.ts';
import { EPOCH, produced, T0 } from '../log/batches.ts';

export const IDENTITY = { brokerId: brokerId(1), clusterId: 'clusterclusterclusterc' };
export const DIRS = ['/a', '/b', '/c'];

export const partition = (number: number, topic = 't'): TopicPartition => ({ topic, partition: number });

/** Managers over three directories of one simulated disk, one after the other or at the same time. */
export class ManagerContext {
  readonly clock = new SimulatedClock(T0);
  readonly disk = new SimulatedDisk(seededRandom(1), this.clock);
  readonly scheduler = new SimulatedScheduler(this.clock, () => this.disk.settled());
  readonly config: LogConfig = { ...DEFAULT_LOG_CONFIG, fileDeleteDelayMs: 1000 };
  /** What `onDirFailure` was told. */
  readonly failures: LogDirFailedError[] = [];

  open(options: Partial<LogManagerOptions> = {}): Promise<LogManager> {
    return LogManager.open({
      dirs: DIRS,
      fs: this.disk.newProcess(),
      clock: this.clock,
      scheduler: this.scheduler,
      random: seededRandom(2),
      flushMode: 'group',
      configOf: () => this.config,
      identity: IDENTITY,
      onDirFailure: (error) => this.failures.push(error),
      ...options,
    });
  }

  /** A manager with logs of partitions 0 to `count - 1`, each with one record. */
  async withLogs(count: number): Promise<LogManager> {
    const manager = await this.open();
    await manager.claim();
    for (let i = 0; i < count; i++) {
      const log = await manager.create(partition(i));
      await log.appendAsLeader(produced(), EPOCH).acknowledged;
    }
    return manager;
  }

  /** The directories of partitions, below those of `log.dirs`. */
  get partitionDirs(): string[] {
    const dirs = this.disk.listing().map((path) => path.split('/').slice(0, 3).join('/'));
    return [...new Set(dirs)].filter((path) => /-\d+(\.|$)/.test(path));
  }

  exists(path: string): boolean {
    return this.disk.listing().includes(path);
  }

  text(path: string): string {
    return this.disk.readDurable(path)?.toString() ?? 'missing';
  }
}
