import { ERRORS, type ErrorName, type Offset } from '@barnabas/model';
import type { DeleteRecordsRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import { isInternalTopic } from '../../cluster/internal-topics.ts';
import type { Logger } from '../../logger.ts';
import type { DeletedRecords, RecordDeletion, RecordsToDelete } from '../../replication/deletion/record-deletion.ts';
import { int64ToWire, offsetFromWire } from '../../wire/wire-numbers.ts';
import { type Answer, answered } from '../answered.ts';

export type DeleteRecordsHandlerOptions = { readonly replicas: RecordDeletion; readonly log: Logger };

type PartitionAnswer = Answer<'DeleteRecords'>['topics'][number]['partitions'][number];

const HIGH_WATERMARK = -1n;
const NO_LOW_WATERMARK = -1;

/** DeleteRecords, versions 0 to 2, of partitions that this broker leads (KIP-107); see `RecordDeletion`. */
export const deleteRecordsHandler = ({ replicas, log }: DeleteRecordsHandlerOptions): PeerHandler<'DeleteRecords'> =>
  answered(
    'DeleteRecords',
    log,
    async (request, { signal }) => {
      const decided = decide(request);
      const asked = decided.filter((each): each is RecordsToDelete => typeof each === 'object');
      const deleted = (await replicas.deleteRecords(asked, { timeoutMs: request.timeoutMs, signal })).values();
      const answers = decided
        .map((each): Answered => (typeof each === 'string' ? { kind: 'refused', error: each } : nextOf(deleted)))
        .values();
      return answerWith(request, () => answers.next().value ?? { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' });
    },
    ({ error }, request) => answerWith(request, () => ({ kind: 'refused', error })),
  );

type Answered = DeletedRecords | { readonly kind: 'refused'; readonly error: ErrorName };

/** For each partition, in the order of the request, what is asked of it, or why it is not done. */
const decide = ({ topics }: DeleteRecordsRequest): (RecordsToDelete | ErrorName)[] =>
  topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex: partition, offset: asked }): RecordsToDelete | ErrorName => {
      if (isInternalTopic(name)) return 'INVALID_TOPIC_EXCEPTION';
      const before: Offset | 'highWatermark' | undefined =
        asked === HIGH_WATERMARK ? 'highWatermark' : offsetFromWire(asked);
      return before === undefined ? 'OFFSET_OUT_OF_RANGE' : { topic: name, partition, before };
    }),
  );

const nextOf = (deleted: Iterator<DeletedRecords, void, unknown>): Answered =>
  deleted.next().value ?? { kind: 'refused', error: 'UNKNOWN_SERVER_ERROR' };

const answerWith = ({ topics }: DeleteRecordsRequest, next: () => Answered): Answer<'DeleteRecords'> => ({
  throttleTimeMs: 0,
  topics: topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => partitionAnswer(partitionIndex, next())),
  })),
});

const partitionAnswer = (partitionIndex: number, answer: Answered): PartitionAnswer => {
  const errorCode = answer.kind === 'deleted' ? ERRORS.NONE.code : ERRORS[answer.error].code;
  const lowWatermark = answer.kind === 'refused' ? NO_LOW_WATERMARK : answer.lowWatermark;
  return { partitionIndex, errorCode, lowWatermark: int64ToWire(lowWatermark) };
};
