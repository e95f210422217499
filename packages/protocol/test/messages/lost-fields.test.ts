import { describe, expect, it } from 'vitest';
import { APIS, type ApiName } from '../../src/messages/apis.ts';
import { UnencodableMessageError } from '../../src/schema/message-errors.ts';
import { samplesOf } from '../support/golden-samples.ts';

type Kind = 'request' | 'response';

/** Kafka's own smallest message of a version, with one more field. */
const encodeWith = (name: ApiName, kind: Kind, version: number, fields: object): Buffer => {
  const schema = APIS[name][kind];
  const sample = samplesOf(APIS[name]).find((one) => one.schema === schema && one.version === version);
  if (sample === undefined) throw new Error(`no sample of ${schema.name} v${version}`);
  return sample.schema.encode(version, { ...sample.schema.decode(version, sample.bytes), ...fields });
};

const topic = { name: 't', partitions: [] };

/** In a version without the field Kafka throws. */
const REFUSED: readonly (readonly [ApiName, Kind, number, object])[] = [
  ['Produce', 'request', 2, { transactionalId: 'tx' }],
  ['Produce', 'response', 9, { nodeEndpoints: [{ nodeId: 1, host: 'h', port: 9092 }] }],
  ['Fetch', 'request', 15, { replicaId: 1 }],
  ['Fetch', 'request', 14, { replicaState: { replicaId: 1 } }],
  ['Fetch', 'request', 6, { forgottenTopicsData: [{ topic: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [] }] }],
  ['Fetch', 'response', 6, { sessionId: 1 }],
  ['ListOffsets', 'request', 1, { isolationLevel: 1 }],
  ['Metadata', 'request', 3, { allowAutoTopicCreation: false }],
  ['FindCoordinator', 'request', 4, { key: 'group' }],
  ['FindCoordinator', 'request', 3, { coordinatorKeys: ['group'] }],
  ['OffsetFetch', 'response', 8, { topics: [topic] }],
  ['JoinGroup', 'request', 4, { groupInstanceId: 'static' }],
  ['LeaveGroup', 'request', 3, { memberId: 'm' }],
  ['CreateTopics', 'request', 0, { validateOnly: true }],
  ['AddPartitionsToTxn', 'request', 4, { v3AndBelowTransactionalId: 'tx' }],
];

/** In a version without the field Kafka leaves it out. */
const DROPPED: readonly (readonly [ApiName, Kind, number, object])[] = [
  ['Produce', 'response', 0, { throttleTimeMs: 5 }],
  ['Fetch', 'request', 10, { rackId: 'r' }],
  ['Fetch', 'request', 3, { isolationLevel: 1 }],
  ['Metadata', 'response', 1, { clusterId: 'c' }],
  ['JoinGroup', 'request', 7, { reason: 'because' }],
  ['OffsetCommit', 'request', 5, { retentionTimeMs: 1n }],
  ['OffsetFetch', 'response', 8, { errorCode: 16 }],
  ['ListGroups', 'response', 0, { throttleTimeMs: 5 }],
  ['DeleteTopics', 'request', 6, { topicNames: ['t'] }],
  ['LeaderAndIsr', 'request', 1, { brokerEpoch: 7n }],
];

describe('a value in a field that the version lacks', () => {
  it.each(REFUSED)('is refused where it would be missed: %s %s v%d, %o', (name, kind, version, fields) => {
    expect(() => encodeWith(name, kind, version, fields)).toThrow(UnencodableMessageError);
  });

  it.each(DROPPED)('is left out where nothing depends on it: %s %s v%d, %o', (name, kind, version, fields) => {
    expect(encodeWith(name, kind, version, fields)).toEqual(encodeWith(name, kind, version, {}));
  });
});

describe('a message for one version', () => {
  it('need not name the fields that only other versions have', () => {
    const { request } = APIS.FindCoordinator;
    expect(request.encode(1, { key: 'group' }).toString('hex')).toBe('000567726f757000');
    expect(request.encode(4, { coordinatorKeys: ['group'] }).toString('hex')).toBe('00020667726f757000');
  });
});
