/** What the process that is killed and the one that looks afterwards have in common. */
import { DEFAULT_LOG_CONFIG, type TopicPartition } from '@barnabas/model';
import { LogManager, nodeFileSystem } from '@barnabas/storage';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';

export type FlushMode = 'group' | 'os';

export const PARTITIONS: readonly TopicPartition[] = [0, 1, 2].map((partition) => ({ topic: 'events', partition }));

export const openRealLogs = (dir: string, flushMode: FlushMode): Promise<LogManager> => {
  const clock = new SimulatedClock();
  return LogManager.open({
    dirs: [dir],
    fs: nodeFileSystem,
    clock,
    scheduler: new SimulatedScheduler(clock),
    random: seededRandom(1),
    flushMode,
    configOf: () => ({ ...DEFAULT_LOG_CONFIG, segmentBytes: 40_000, indexIntervalBytes: 1000 }),
  });
};

/** A line of the child's output: a batch that is safe. */
export type Acknowledged = { readonly log: string; readonly base: number; readonly next: number; readonly crc: number };

export const formatAcknowledged = ({ log, base, next, crc }: Acknowledged): string => `${log} ${base} ${next} ${crc}\n`;

export const parseAcknowledged = (line: string): Acknowledged => {
  const [log = '', base, next, crc] = line.split(' ');
  return { log, base: Number(base), next: Number(next), crc: Number(crc) };
};
