import { brokerId, errorByCode } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { decodeTopic, encodeTopic } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { MAX_PARTITIONS_PER_REQUEST } from '../../../src/topics/topic-limits.ts';
import { ID_A } from '../../support/topics/asked.ts';
import { LOSSES, losingSession } from '../../support/topics/losing-session.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

type Asked = PeerRequest<'CreatePartitions'>['topics'][number];

const more = (name: string, count: number, assignments: Asked['assignments'] = null): Asked => ({
  name,
  count,
  assignments,
});
const request = (...topics: readonly Asked[]) => ({ topics, timeoutMs: 500, validateOnly: false });
const placed = (...replicas: readonly number[][]) => replicas.map((brokerIds) => ({ brokerIds }));

describe('CreatePartitions', () => {
  it('adds partitions after those that are there, and keeps the id of the topic', async () => {
    const lab = await labWithTopic();
    lab.letControllerFollow();
    expect(await ask(lab, more('t', 4))).toEqual(['NONE']);
    const topic = topicIn(lab);
    expect(topic.topicId).toBe(ID_A);
    expect([...topic.partitions.keys()].toSorted()).toEqual([0, 1, 2, 3]);
    expect(topic.partitions.get(1)?.replicas).toEqual([2, 3]);
    expect(topic.partitions.get(3)?.replicas).toHaveLength(2);
  });

  it('puts them where it is told to', async () => {
    const lab = await labWithTopic();
    lab.letControllerFollow();
    expect(await ask(lab, more('t', 4, placed([3, 1], [1, 2])))).toEqual(['NONE']);
    expect([2, 3].map((partition) => topicIn(lab).partitions.get(partition)?.replicas)).toEqual([
      [3, 1],
      [1, 2],
    ]);
  });

  it('says that it timed out until each has a leader', async () => {
    const lab = await labWithTopic();
    expect(await ask(lab, more('t', 3))).toEqual(['REQUEST_TIMED_OUT']);
    expect(topicIn(lab).partitions.size).toBe(3);
    expect(lab.cluster.listeners).toBe(0);
  });

  it('only looks whether it could be done, where that is asked', async () => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    const answer = await lab.ask('CreatePartitions', { ...request(more('t', 3), more('none', 3)), validateOnly: true });
    expect(answer.results.map(({ errorCode }) => errorByCode(errorCode).name)).toEqual([
      'NONE',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ]);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it.each<[string, Asked[], string[], RegExp]>([
    ['a topic that is not there', [more('none', 3)], ['UNKNOWN_TOPIC_OR_PARTITION'], /no topic none/],
    ['a name that is none', [more('../x', 3)], ['INVALID_TOPIC_EXCEPTION'], /cannot be called/],
    ['as many', [more('t', 2)], ['INVALID_PARTITIONS'], /2 would not be more/],
    ['fewer', [more('t', 1, placed([1, 2]))], ['INVALID_PARTITIONS'], /1 would not be more/],
    ['a negative number', [more('t', -1)], ['INVALID_PARTITIONS'], /-1 would not be more/],
    ['too many', [more('t', 3 + MAX_PARTITIONS_PER_REQUEST)], ['POLICY_VIOLATION'], /at most 10000/],
    ['2^31 - 1', [more('t', 2147483647)], ['POLICY_VIOLATION'], /at most 10000/],
    ['too few placed', [more('t', 4, placed([1, 2]))], ['INVALID_REPLICA_ASSIGNMENT'], /of 2 more, not of 1/],
    [
      'an unknown broker',
      [more('t', 3, placed([1, 9]))],
      ['INVALID_REPLICA_ASSIGNMENT'],
      /broker 9, which is not there/,
    ],
    ['a broker twice', [more('t', 3, placed([1, 1]))], ['INVALID_REPLICA_ASSIGNMENT'], /names a broker twice/],
    ['nothing placed', [more('t', 3, placed([]))], ['INVALID_REPLICA_ASSIGNMENT'], /needs a replica/],
    ['other replicas than before', [more('t', 3, placed([1]))], ['INVALID_REPLICA_ASSIGNMENT'], /has 1, others have 2/],
    ['a topic on the move', [more('moving', 3)], ['REASSIGNMENT_IN_PROGRESS'], /moving-0 are being moved/],
    ['a topic being deleted', [more('going', 3)], ['INVALID_TOPIC_EXCEPTION'], /is being deleted/],
    ['a topic twice', [more('t', 3), more('t', 4)], ['INVALID_REQUEST', 'INVALID_REQUEST'], /more than once/],
  ])('refuses %s, and writes nothing', async (_what, topics, expected, message) => {
    const lab = await labWithTopic();
    const moving = { replicas: [1, 2].map(brokerId), addingReplicas: [brokerId(2)], removingReplicas: [] };
    await lab.write('/brokers/topics/moving', encodeTopic({ topicId: undefined, partitions: new Map([[0, moving]]) }));
    await lab.have('going', topicOf(undefined, 1, [1]));
    await lab.write('/admin/delete_topics/going', null);
    const before = lab.ensemble.tree();
    const { results } = await lab.ask('CreatePartitions', request(...topics));
    expect(results.map(({ errorCode }) => errorByCode(errorCode).name)).toEqual(expected);
    expect(results[0]?.errorMessage).toMatch(message);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('adds nothing where it is not the controller', async () => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    const answering = lab.begin('CreatePartitions', request(more('t', 3)));
    lab.isActive = false;
    expect((await lab.ensemble.run(answering)).results[0]?.errorCode).toBe(41);
    expect(await ask(lab, more('t', 3))).toEqual(['NOT_CONTROLLER']);
    lab.isActive = true;
    lab.coordination.session = undefined;
    expect(await ask(lab, more('t', 3))).toEqual(['NOT_CONTROLLER']);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('loses none where two add some at the same time', async () => {
    const lab = await labWithTopic();
    const neighbour = await lab.newNeighbour();
    for (const each of [lab, neighbour]) each.letControllerFollow();
    const answers = await lab.ensemble.run(
      Promise.all([
        lab.begin('CreatePartitions', request(more('t', 3, placed([3, 1])))),
        neighbour.begin('CreatePartitions', request(more('t', 4, placed([1, 2], [1, 3])))),
      ]),
    );
    const errors = answers.map(({ results }) => errorByCode(results[0]?.errorCode ?? 0).name);
    const { partitions } = topicIn(lab);
    // Whoever comes second finds other partitions than it has planned for.
    if (errors[0] === 'NONE')
      expect([errors[1], partitions.get(2)?.replicas]).toEqual(['INVALID_REPLICA_ASSIGNMENT', [3, 1]]);
    else
      expect([errors, partitions.get(2)?.replicas]).toEqual([
        ['INVALID_PARTITIONS', 'NONE'],
        [1, 2],
      ]);
  });

  it.each(LOSSES)('adds them once, whichever request is lost (%s)', async (loss) => {
    for (const lost of [1, 2, 3]) {
      const lab = await labWithTopic();
      lab.letControllerFollow();
      const losing = losingSession(lab.session, lost, loss);
      lab.coordination.session = losing.session;
      expect(await ask(lab, more('t', 4))).toEqual(['NONE']);
      expect(topicIn(lab).partitions.size).toBe(4);
      if (lost === 3) expect(losing.hasLostWrite()).toBe(true);
    }
  });

  it.each([0, 1, 2, 3])('answers version %i', async (version) => {
    const lab = await labWithTopic();
    const { results } = await lab.ask('CreatePartitions', request(more('t', 3), more('none', 3)), version);
    expect(results.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['t', 7],
      ['none', 3],
    ]);
  });
});

async function labWithTopic(): Promise<TopicLab> {
  const lab = await TopicLab.start();
  await lab.have('t', topicOf(ID_A, 2, [2, 3]));
  return lab;
}

async function ask(lab: TopicLab, ...topics: readonly Asked[]): Promise<string[]> {
  const { results } = await lab.ask('CreatePartitions', request(...topics));
  return results.map(({ errorCode }) => errorByCode(errorCode).name);
}

function topicIn(lab: TopicLab) {
  return decodeTopic('t', Buffer.from(lab.ensemble.textOf('/brokers/topics/t') ?? ''));
}
