import { ERRORS, type ErrorName, formatTopicPartition, type TopicPartition } from '@barnabas/model';
import type { InputOf, ListOffsetsRequest, ListOffsetsResponse } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../../logger.ts';
import type { OffsetAnswer, Replicas } from '../../replication/replicas.ts';
import { int64ToWire } from '../../wire/wire-numbers.ts';
import { answered, failureOf } from '../answered.ts';
import { type Asker, answerTo, askerOf, errorInVersion, queryOf } from './list-offsets-query.ts';

export type ListOffsetsHandlerOptions = {
  readonly replicas: Pick<Replicas, 'offsetFor'>;
  readonly log: Logger;
};

type PartitionOnWire = ListOffsetsRequest['topics'][number]['partitions'][number];
type PartitionAnswer = InputOf<typeof ListOffsetsResponse>['topics'][number]['partitions'][number];

/** Version 0 has a list of offsets, and neither time nor epoch. */
const ONE_OFFSET_FROM = 1;
const LEADER_EPOCH_FROM = 4;

/**
 * ListOffsets, versions 0 to 9. Version 0 is given the one offset that version 1 would find, where Kafka lists the starts of
 * segments: both are places from which to read.
 */
export const listOffsetsHandler = ({ replicas, log }: ListOffsetsHandlerOptions): PeerHandler<'ListOffsets'> =>
  answered(
    'ListOffsets',
    log,
    async (request, { version }) => {
      const asker = askerOf(request);
      const isRepeated = repeatedIn(request);
      return forEachPartition(request, async (at, asked) => {
        if (isRepeated(at)) return failed(asked.partitionIndex, 'INVALID_REQUEST');
        const answer = await find(at, asked, asker, version, replicas, log);
        return partitionAnswer(asked.partitionIndex, answer, version);
      });
    },
    ({ error }, { topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => failed(partitionIndex, error)),
      })),
    }),
  );

async function find(
  at: TopicPartition,
  asked: PartitionOnWire,
  asker: Asker,
  version: number,
  replicas: ListOffsetsHandlerOptions['replicas'],
  log: Logger,
): Promise<OffsetAnswer> {
  try {
    return answerTo(asked.timestamp, await replicas.offsetFor(queryOf(at, asked, asker, version)));
  } catch (error) {
    return { kind: 'failed', ...failureOf(error, `ListOffsets of ${formatTopicPartition(at)}`, log) };
  }
}

function partitionAnswer(partitionIndex: number, answer: OffsetAnswer, version: number): PartitionAnswer {
  if (answer.kind === 'failed') return failed(partitionIndex, errorInVersion(answer.error, version));
  const errorCode = ERRORS.NONE.code;
  if (answer.kind === 'none') return { partitionIndex, errorCode };
  const { offset, timestamp, leaderEpoch } = answer;
  if (version < ONE_OFFSET_FROM) return { partitionIndex, errorCode, oldStyleOffsets: [int64ToWire(offset)] };
  return {
    partitionIndex,
    errorCode,
    offset: int64ToWire(offset),
    timestamp: int64ToWire(timestamp),
    ...(version >= LEADER_EPOCH_FROM && leaderEpoch !== undefined ? { leaderEpoch } : {}),
  };
}

const failed = (partitionIndex: number, error: ErrorName): PartitionAnswer => ({
  partitionIndex,
  errorCode: ERRORS[error].code,
});

/** The answers for all partitions of a request, in its order; they are looked for at the same time. */
async function forEachPartition(
  { topics }: ListOffsetsRequest,
  answer: (at: TopicPartition, asked: PartitionOnWire) => Promise<PartitionAnswer>,
): Promise<InputOf<typeof ListOffsetsResponse>> {
  const answers = topics.map(async ({ name, partitions }) => ({
    name,
    partitions: await Promise.all(
      partitions.map((asked) => answer({ topic: name, partition: asked.partitionIndex }, asked)),
    ),
  }));
  return { throttleTimeMs: 0, topics: await Promise.all(answers) };
}

/** Which partitions a request asks for more than once, where only one answer could be told from another. */
function repeatedIn({ topics }: ListOffsetsRequest): (at: TopicPartition) => boolean {
  const counts = new Map<string, number>();
  for (const { name, partitions } of topics) {
    for (const { partitionIndex } of partitions) {
      const key = formatTopicPartition({ topic: name, partition: partitionIndex });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return (at) => (counts.get(formatTopicPartition(at)) ?? 0) > 1;
}
