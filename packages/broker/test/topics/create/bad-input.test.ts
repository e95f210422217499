import { errorByCode } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { MAX_PARTITIONS_PER_REQUEST, MAX_ZNODE_BYTES } from '../../../src/topics/topic-limits.ts';
import { type AskedTopic, asked, creation, ID_A, outcomes } from '../../support/topics/asked.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

const config = (name: string, value: string | null) => ({ configs: [{ name, value }] });
const placed = (...replicas: readonly (readonly number[])[]) => ({
  assignments: replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] })),
});
const size = (numPartitions: number, replicationFactor = 1) => ({ numPartitions, replicationFactor });
/** Numbers may have room around them. */
const roomy = ['retention.ms', 'segment.bytes', 'segment.ms', 'flush.ms', 'flush.messages', 'retention.bytes']
  .concat(['delete.retention.ms', 'file.delete.delay.ms', 'max.message.bytes', 'segment.index.bytes'])
  .concat(['min.compaction.lag.ms', 'max.compaction.lag.ms', 'index.interval.bytes', 'min.insync.replicas'])
  .concat(['segment.jitter.ms', 'compression.gzip.level'])
  .map((name) => ({ name, value: `9${' '.repeat(32_000)}`.replace(/^9/, name === 'segment.bytes' ? '99' : '9') }));

const ROWS: readonly [what: string, topic: AskedTopic, error: string, message: string | RegExp][] = [
  ['no name', asked(''), 'INVALID_TOPIC_EXCEPTION', 'A topic needs a name.'],
  ['a name of dots', asked('..'), 'INVALID_TOPIC_EXCEPTION', /give it another name/],
  ['a long name', asked('x'.repeat(250)), 'INVALID_TOPIC_EXCEPTION', /at most 249 characters; this one has 250/],
  ['a name with a slash', asked('a/b'), 'INVALID_TOPIC_EXCEPTION', /use ASCII letters, digits, '.', '_' and '-'/],
  ['a name that collides', asked('there.too'), 'INVALID_TOPIC_EXCEPTION', /collides with there_too: '.' and '_' count/],
  ['a name that is taken', asked('there_too'), 'TOPIC_ALREADY_EXISTS', 'The topic there_too exists already.'],
  ['a name taken a moment ago', asked('unseen'), 'TOPIC_ALREADY_EXISTS', 'The topic unseen exists already.'],
  ['a topic being deleted', asked('going'), 'TOPIC_ALREADY_EXISTS', /still being deleted; try again once it is gone/],
  ['the log of KRaft', asked('__cluster_metadata'), 'INVALID_REQUEST', /no topic for clients/],
  ['no partitions', asked('t', size(0)), 'INVALID_PARTITIONS', /cannot have 0 partitions/],
  ['less than none', asked('t', size(-2)), 'INVALID_PARTITIONS', /cannot have -2 partitions/],
  ['a million', asked('t', size(1_000_000)), 'POLICY_VIOLATION', /at most 10000 partitions: ask for fewer/],
  ['2^31 - 1', asked('t', size(2147483647, 3)), 'POLICY_VIOLATION', /at most 10000/],
  ['no replicas', asked('t', size(1, 0)), 'INVALID_REPLICATION_FACTOR', /cannot be 0/],
  ['less than none', asked('t', size(1, -2)), 'INVALID_REPLICATION_FACTOR', /cannot be -2/],
  ['more than brokers', asked('t', size(1, 4)), 'INVALID_REPLICATION_FACTOR', /needs more than the 3 brokers/],
  ['both ways', asked('t', { ...size(1, 1), ...placed([1]) }), 'INVALID_REQUEST', /have to be -1/],
  [
    'a partition missing',
    asked('t', { assignments: [{ partitionIndex: 1, brokerIds: [1] }] }),
    'INVALID_REPLICA_ASSIGNMENT',
    /0 is missing/,
  ],
  [
    'a negative partition',
    asked('t', { assignments: [{ partitionIndex: -1, brokerIds: [1] }] }),
    'INVALID_REPLICA_ASSIGNMENT',
    /0 is missing/,
  ],
  [
    'a partition twice',
    asked('t', { assignments: [0, 0].map((partitionIndex) => ({ partitionIndex, brokerIds: [1] })) }),
    'INVALID_REPLICA_ASSIGNMENT',
    /placed twice/,
  ],
  ['nothing placed', asked('t', placed([])), 'INVALID_REPLICA_ASSIGNMENT', /partition 0 needs a replica/],
  ['a broker twice', asked('t', placed([1, 1])), 'INVALID_REPLICA_ASSIGNMENT', /names a broker twice/],
  ['an unknown broker', asked('t', placed([1, 9])), 'INVALID_REPLICA_ASSIGNMENT', /broker 9, which is not there/],
  [
    'uneven replicas',
    asked('t', placed([1, 2], [1])),
    'INVALID_REPLICA_ASSIGNMENT',
    /same number of replicas; partition 1 has 1/,
  ],
  [
    'too many placed',
    asked('t', placed(...Array(MAX_PARTITIONS_PER_REQUEST + 1).fill([1]))),
    'POLICY_VIOLATION',
    /at most 10000/,
  ],
  [
    'an unknown property',
    asked('t', config('no.such', '1')),
    'INVALID_CONFIG',
    'no.such: a topic has no such property',
  ],
  ["a broker's property", asked('t', config('num.partitions', '1')), 'INVALID_CONFIG', /a topic has no such property/],
  [
    "a broker's name",
    asked('t', config('log.retention.ms', '1')),
    'INVALID_CONFIG',
    /it is the broker's name for retention.ms/,
  ],
  ['__proto__', asked('t', config('__proto__', '1')), 'INVALID_CONFIG', '__proto__: a topic has no such property'],
  ['no value', asked('t', config('retention.ms', null)), 'INVALID_CONFIG', /"retention.ms" needs a value/],
  [
    'a bad number',
    asked('t', config('retention.ms', 'x')),
    'INVALID_CONFIG',
    'retention.ms: "x" is not an integer from -1',
  ],
  [
    'a bad word',
    asked('t', config('cleanup.policy', 'shred')),
    'INVALID_CONFIG',
    /"shred" is not any of compact, delete/,
  ],
  ['tiered storage', asked('t', config('remote.storage.enable', 'true')), 'INVALID_CONFIG', /"true" is not false/],
  [
    'values at odds',
    asked('t', {
      configs: [
        { name: 'min.compaction.lag.ms', value: '9' },
        { name: 'max.compaction.lag.ms', value: '8' },
      ],
    }),
    'INVALID_CONFIG',
    /9 is more than max.compaction.lag.ms/,
  ],
  [
    'a property twice',
    asked('t', { configs: ['1', '2'].map((value) => ({ name: 'retention.ms', value })) }),
    'INVALID_CONFIG',
    /given twice/,
  ],
  [
    'a configuration too large for ZooKeeper',
    asked('t', { configs: roomy }),
    'POLICY_VIOLATION',
    new RegExp(`where it may have ${MAX_ZNODE_BYTES} at most`),
  ],
];

describe('CreateTopics refuses', () => {
  it.each(ROWS)('%s, and writes nothing', async (_what, topic, error, message) => {
    const lab = await labWithTopics();
    const before = lab.ensemble.tree();
    for (const validateOnly of [false, true]) {
      const [answer] = (await lab.ask('CreateTopics', { ...creation(topic), validateOnly })).topics;
      expect(errorByCode(answer?.errorCode ?? 0).name).toBe(error);
      expect(answer?.errorMessage).toMatch(message);
      expect(answer).toMatchObject({ name: topic.name, numPartitions: -1, replicationFactor: -1, configs: [] });
    }
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('what another topic of the same request is in the way of', async () => {
    const lab = await labWithTopics();
    lab.letControllerFollow();
    const answer = await lab.ask('CreateTopics', creation(asked('a.b'), asked('a_b'), asked('twice'), asked('twice')));
    expect(outcomes(answer)).toEqual(['NONE', 'INVALID_TOPIC_EXCEPTION', 'INVALID_REQUEST', 'INVALID_REQUEST']);
  });

  it('only what is too much: the rest is created', async () => {
    const lab = await labWithTopics();
    lab.letControllerFollow();
    const answer = await lab.ask(
      'CreateTopics',
      creation(asked('a', size(3)), asked('b', size(MAX_PARTITIONS_PER_REQUEST)), asked('c', size(4))),
    );
    expect(outcomes(answer)).toEqual(['NONE', 'POLICY_VIOLATION', 'NONE']);
  });

  it('everything where it is not the controller', async () => {
    const lab = await labWithTopics();
    lab.isActive = false;
    const before = lab.ensemble.tree();
    expect(outcomes(await lab.ask('CreateTopics', creation(asked('t'), asked('..'))))).toEqual([
      'NOT_CONTROLLER',
      'NOT_CONTROLLER',
    ]);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('everything without a session, which a controller must have', async () => {
    const lab = await labWithTopics();
    const { session } = lab;
    lab.coordination.session = undefined;
    expect(outcomes(await lab.ask('CreateTopics', creation(asked('t'))))).toEqual(['NOT_CONTROLLER']);
    lab.coordination.session = session;
    lab.ensemble.zookeeper.expire(session.sessionId);
    expect(outcomes(await lab.ask('CreateTopics', creation(asked('t'))))).toEqual(['NOT_CONTROLLER']);
    expect(session.state).toBe('LOST');
    expect(lab.ensemble.textOf('/brokers/topics/t')).toBeUndefined();
  });

  it('what it was about to write when it stopped being the controller', async () => {
    const lab = await labWithTopics();
    const answering = lab.begin('CreateTopics', creation(asked('t')));
    lab.isActive = false;
    expect(outcomes(await lab.ensemble.run(answering))).toEqual(['NOT_CONTROLLER']);
    expect(lab.ensemble.textOf('/brokers/topics/t')).toBeUndefined();
  });
});

/** A topic that the broker knows, one that it has not heard of, and one that is on its way out. */
async function labWithTopics(): Promise<TopicLab> {
  const lab = await TopicLab.start();
  await lab.have('there_too', topicOf(ID_A, 1, [1]));
  await lab.have('unseen', topicOf(undefined, 1, [1]));
  lab.cluster.remove('unseen');
  await lab.write('/admin/delete_topics/going', null);
  return lab;
}
