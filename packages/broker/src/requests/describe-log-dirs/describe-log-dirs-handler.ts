import { resolve } from 'node:path';
import { ERRORS, type TopicPartition } from '@barnabas/model';
import type { DescribeLogDirsRequest } from '@barnabas/protocol';
import type { FileSystem, Log, LogDir, LogManager } from '@barnabas/storage';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../../logger.ts';
import { type Answer, answered } from '../answered.ts';

export type DescribeLogDirsHandlerOptions = {
  /** `log.dirs`: those that could not be opened, too. */
  readonly dirs: readonly string[];
  readonly logs: Pick<LogManager, 'dirs'>;
  readonly fs: Pick<FileSystem, 'space'>;
  readonly log: Logger;
};

type DirAnswer = Answer<'DescribeLogDirs'>['results'][number];

/**
 * DescribeLogDirs, versions 0 to 4 (KIP-113, KIP-827): what the logs in each directory take, and what its file system has left.
 * A directory that has failed has KAFKA_STORAGE_ERROR. A log is never copied to another directory, so that there is none that
 * lags behind, and no future one.
 */
export const describeLogDirsHandler = ({
  dirs,
  logs,
  fs,
  log,
}: DescribeLogDirsHandlerOptions): PeerHandler<'DescribeLogDirs'> =>
  answered(
    'DescribeLogDirs',
    log,
    async (request) => {
      const isAsked = askedOf(request);
      const describe = async (path: string): Promise<DirAnswer> => {
        const open = logs.dirs.find((dir) => dir.path === path);
        if (open === undefined || open.failure !== undefined) return failedDir(path);
        try {
          const { totalBytes, usableBytes } = await fs.space(path);
          const topics = topicsIn(open, isAsked);
          const space = { totalBytes: BigInt(totalBytes), usableBytes: BigInt(usableBytes) };
          return { errorCode: ERRORS.NONE.code, logDir: resolve(path), topics, ...space };
        } catch (err) {
          log.warn({ err, dir: path }, 'the space of a log directory could not be told');
          return failedDir(path);
        }
      };
      return { throttleTimeMs: 0, errorCode: ERRORS.NONE.code, results: await Promise.all(dirs.map(describe)) };
    },
    ({ error }) => ({ throttleTimeMs: 0, errorCode: ERRORS[error].code, results: [] }),
  );

const failedDir = (path: string): DirAnswer => ({
  errorCode: ERRORS.KAFKA_STORAGE_ERROR.code,
  logDir: resolve(path),
  topics: [],
});

/** Which partitions are asked for: all of them where none is named. */
const askedOf = ({ topics }: DescribeLogDirsRequest): ((at: TopicPartition) => boolean) => {
  if (topics === null) return () => true;
  const asked = new Map<string, Set<number>>();
  for (const { topic, partitions } of topics) {
    asked.set(topic, (asked.get(topic) ?? new Set()).union(new Set(partitions)));
  }
  return ({ topic, partition }) => asked.get(topic)?.has(partition) ?? false;
};

const topicsIn = ({ logs }: LogDir, isAsked: (at: TopicPartition) => boolean): DirAnswer['topics'] => {
  const described = [...logs.values()].filter(({ topicPartition }) => isAsked(topicPartition));
  const byTopic = Map.groupBy(described, ({ topicPartition }) => topicPartition.topic);
  return Array.from(byTopic, ([name, ofTopic]) => ({ name, partitions: ofTopic.map(partitionOf) }));
};

const partitionOf = ({ topicPartition, sizeBytes }: Log) => ({
  partitionIndex: topicPartition.partition,
  partitionSize: BigInt(sizeBytes),
  offsetLag: 0n,
  isFutureKey: false,
});
