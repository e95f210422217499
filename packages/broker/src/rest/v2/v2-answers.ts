import type { Static } from 'typebox';
import type { ClusterTopic } from '../../cluster/cluster-image.ts';
import type { RecordOutcome } from '../produce/produce-spec.ts';
import { recordErrorCode } from './v2-errors.ts';
import type { V2Offsets, V2Topic } from './v2-schemas.ts';

/** Where there is no leader. */
const NO_BROKER = -1;

export const v2Topic = (topic: ClusterTopic, configs: Record<string, string>): Static<typeof V2Topic> => ({
  name: topic.name,
  configs,
  partitions: Array.from(topic.partitions, ([partition, { leader, replicas, isr }]) => ({
    partition,
    leader: leader ?? NO_BROKER,
    replicas: replicas.map((broker) => ({ broker, leader: broker === leader, in_sync: isr.includes(broker) })),
  })).sort((a, b) => a.partition - b.partition),
});

export const v2Offsets = (outcomes: readonly RecordOutcome[]): Static<typeof V2Offsets> => ({
  offsets: outcomes.map((outcome) =>
    outcome.kind === 'appended'
      ? { partition: outcome.partition, offset: outcome.offset, error_code: null, error: null }
      : { partition: null, offset: null, error_code: recordErrorCode(outcome.error), error: outcome.message },
  ),
  key_schema_id: null,
  value_schema_id: null,
});
