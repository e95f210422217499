import { DEFAULT_BROKER_PROPERTIES, errorByCode } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { asked, creation, ID_A, ID_B, outcomes } from '../../support/topics/asked.ts';
import { LOSSES, losingSession } from '../../support/topics/losing-session.ts';
import { TopicLab, topicOf } from '../../support/topics/topic-lab.ts';

const ZERO_ID = 'A'.repeat(22);
const MARK = '/admin/delete_topics/t';

const byName = (...names: readonly string[]): PeerRequest<'DeleteTopics'> => ({
  topics: names.map((name) => ({ name, topicId: ZERO_ID })),
  timeoutMs: 500,
});
const byId = (topicId: string): PeerRequest<'DeleteTopics'> => ({ topics: [{ name: null, topicId }], timeoutMs: 500 });

describe('DeleteTopics', () => {
  it('marks the topic, and answers once it is gone', async () => {
    const lab = await labWithTopic();
    const answering = lab.begin('DeleteTopics', byName('t'));
    await lab.ensemble.scheduler.advanceBy(100);
    expect(lab.ensemble.textOf(MARK)).toBeUndefined();
    expect(lab.ensemble.pathsBelow('/admin/delete_topics')).toEqual([MARK]);
    lab.cluster.remove('t');
    expect((await lab.ensemble.run(answering)).responses).toEqual([
      { name: 't', topicId: ZERO_ID, errorCode: 0, errorMessage: null },
    ]);
    expect(lab.ensemble.clock.steadyMs()).toBeLessThan(400);
    expect(lab.cluster.listeners).toBe(0);
  });

  it('finds a topic by its id', async () => {
    const lab = await labWithTopic();
    const answering = lab.begin('DeleteTopics', byId(ID_A));
    await lab.ensemble.scheduler.advanceBy(100);
    lab.cluster.remove('t');
    const { responses } = await lab.ensemble.run(answering);
    expect(responses).toEqual([{ name: 't', topicId: ID_A, errorCode: 0, errorMessage: null }]);
  });

  it('takes another topic of the name for the end of the first', async () => {
    const lab = await labWithTopic();
    const answering = lab.begin('DeleteTopics', byName('t'));
    await lab.ensemble.scheduler.advanceBy(100);
    await lab.have('t', topicOf(ID_B, 1, [1]));
    const { responses } = await lab.ensemble.run(answering);
    expect(responses[0]?.errorCode).toBe(0);
  });

  it('says that it timed out where the topic is still there, also to who does not wait; the mark stays', async () => {
    for (const timeoutMs of [50, 0]) {
      const lab = await labWithTopic();
      const [answer] = (await lab.ask('DeleteTopics', { ...byName('t'), timeoutMs })).responses;
      expect(answer).toMatchObject({ name: 't', errorCode: 7, errorMessage: expect.stringMatching(/not gone yet/) });
      expect(lab.ensemble.pathsBelow('/admin/delete_topics')).toEqual([MARK]);
    }
  });

  it('waits for a topic that is marked already', async () => {
    const lab = await labWithTopic();
    await lab.write(MARK, null);
    const answering = lab.begin('DeleteTopics', byName('t'));
    await lab.ensemble.scheduler.advanceBy(100);
    lab.cluster.remove('t');
    expect((await lab.ensemble.run(answering)).responses[0]?.errorCode).toBe(0);
  });

  it('lets a topic be created again only when all of it is gone', async () => {
    const lab = await labWithTopic();
    await lab.ask('DeleteTopics', byName('t'));
    const create = async () => outcomes(await lab.ask('CreateTopics', creation(asked('t'))));
    lab.cluster.remove('t');
    expect(await create()).toEqual(['TOPIC_ALREADY_EXISTS']);
    await lab.ensemble.run(lab.session.delete('/brokers/topics/t', -1));
    expect(await create()).toEqual(['TOPIC_ALREADY_EXISTS']);
    await lab.ensemble.run(lab.session.delete('/config/topics/t', -1));
    await lab.ensemble.run(lab.session.delete(MARK, -1));
    lab.letControllerFollow();
    expect(await create()).toEqual(['NONE']);
  });

  it.each([1, 2, 3, 4, 5])('answers version %i', async (version) => {
    const lab = await labWithTopic();
    const request = { topicNames: ['t', 'none'], timeoutMs: 0 };
    const { responses } = await lab.ask('DeleteTopics', request, version);
    expect(responses.map(({ name, errorCode }) => [name, errorByCode(errorCode).name])).toEqual([
      ['t', 'REQUEST_TIMED_OUT'],
      ['none', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ]);
  });

  it.each([
    ['a name that nothing has', byName('none'), ['UNKNOWN_TOPIC_OR_PARTITION']],
    ['a name that nothing can have', byName('../controller'), ['UNKNOWN_TOPIC_OR_PARTITION']],
    ['an id that nothing has', byId(ID_B), ['UNKNOWN_TOPIC_ID']],
    ['neither', { topics: [{ name: null, topicId: ZERO_ID }], timeoutMs: 1 }, ['INVALID_REQUEST']],
    ['both', { topics: [{ name: 't', topicId: ID_A }], timeoutMs: 1 }, ['INVALID_REQUEST']],
    ['twice', byName('t', 't'), ['INVALID_REQUEST', 'INVALID_REQUEST']],
    [
      'by its name and its id',
      { topics: [...(byName('t').topics ?? []), ...(byId(ID_A).topics ?? [])], timeoutMs: 1 },
      ['INVALID_REQUEST', 'INVALID_REQUEST'],
    ],
  ])('refuses %s, and marks nothing', async (_what, request, expected) => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    const { responses } = await lab.ask('DeleteTopics', request);
    expect(responses.map(({ errorCode }) => errorByCode(errorCode).name)).toEqual(expected);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('does not touch another topic that has the name by now', async () => {
    const lab = await labWithTopic();
    await lab.write('/brokers/topics/t', `{"version":3,"partitions":{},"topic_id":"${ID_B}"}`);
    const before = lab.ensemble.tree();
    const { responses } = await lab.ask('DeleteTopics', byId(ID_A));
    expect(errorByCode(responses[0]?.errorCode ?? 0).name).toBe('UNKNOWN_TOPIC_ID');
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it.each([
    [6, 'TOPIC_DELETION_DISABLED'],
    [3, 'TOPIC_DELETION_DISABLED'],
    [2, 'INVALID_REQUEST'],
  ])('deletes nothing where that is switched off (version %i)', async (version, expected) => {
    const properties = { ...DEFAULT_BROKER_PROPERTIES, deleteTopicEnable: false };
    const lab = await labWithTopic({ properties });
    const before = lab.ensemble.tree();
    const request = version < 6 ? { topicNames: ['t'], timeoutMs: 1 } : byName('t');
    const { responses } = await lab.ask('DeleteTopics', request, version);
    expect(responses.map(({ errorCode }) => errorByCode(errorCode).name)).toEqual([expected]);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it('deletes nothing where it is not the controller, or becomes another than it', async () => {
    const lab = await labWithTopic();
    const before = lab.ensemble.tree();
    const answering = lab.begin('DeleteTopics', byName('t'));
    lab.isActive = false;
    const answers = [await lab.ensemble.run(answering), await lab.ask('DeleteTopics', byName('t'))];
    expect(answers.flatMap(({ responses }) => responses.map(({ errorCode }) => errorCode))).toEqual([41, 41]);
    lab.isActive = true;
    lab.coordination.session = undefined;
    expect((await lab.ask('DeleteTopics', byName('t'))).responses[0]?.errorCode).toBe(41);
    expect(lab.ensemble.tree()).toEqual(before);
  });

  it.each(LOSSES)('finds out what became of a mark that had no answer (%s)', async (loss) => {
    for (const lost of [1, 2]) {
      const lab = await labWithTopic();
      lab.coordination.session = losingSession(lab.session, lost, loss).session;
      const answering = lab.begin('DeleteTopics', byName('t'));
      await lab.ensemble.scheduler.advanceBy(100);
      expect(lab.ensemble.pathsBelow('/admin/delete_topics')).toEqual([MARK]);
      lab.cluster.remove('t');
      expect((await lab.ensemble.run(answering)).responses[0]?.errorCode).toBe(0);
    }
  });

  it('does not delete a topic that took the name while it had no connection', async () => {
    const lab = await labWithTopic();
    const losing = losingSession(lab.session, 2, 'answer', async () => {
      for (const path of ['/brokers/topics/t', '/config/topics/t', MARK]) await lab.session.delete(path, -1);
      await lab.session.create('/brokers/topics/t', Buffer.from(`{"version":3,"partitions":{},"topic_id":"${ID_B}"}`));
      lab.cluster.learnFrom(lab.ensemble);
    });
    lab.coordination.session = losing.session;
    const { responses } = await lab.ask('DeleteTopics', byName('t'));
    expect(losing.hasLostWrite()).toBe(true);
    expect(responses[0]?.errorCode).toBe(0);
    expect(lab.ensemble.pathsBelow('/admin/delete_topics')).toEqual([]);
  });
});

async function labWithTopic(broker = {}): Promise<TopicLab> {
  const lab = await TopicLab.start({ broker });
  await lab.have('t', topicOf(ID_A, 1, [1, 2]));
  return lab;
}
