import { ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { asked, FetchContext, FOLLOWER_STATE, indexesOf } from '../../../support/fetching/fetch-context.ts';

/** A follower's session of partitions 0 and 1. */
const withSession = async (context = new FetchContext()) => {
  context.replicas.lead('a', 0);
  context.replicas.lead('a', 1);
  const opened = await context.fetch({ ...FOLLOWER_STATE, sessionId: 0, sessionEpoch: 0, topics: [asked('a', 0, 1)] });
  return { context, id: opened.sessionId, opened };
};

describe('the session of a fetch', () => {
  it('is opened with epoch 0, and goes on from epoch 1', async () => {
    const { context, id, opened } = await withSession();
    expect(id).toBeGreaterThan(0);
    expect(indexesOf(opened)).toEqual([0, 1]);
    for (const sessionEpoch of [1, 2, 3]) {
      const next = await context.fetch({ ...FOLLOWER_STATE, sessionId: id, sessionEpoch });
      expect(next).toMatchObject({ errorCode: 0, sessionId: id, responses: [] });
    }
  });

  it('is not opened with epoch -1', async () => {
    const context = new FetchContext();
    context.replicas.lead('a');
    const response = await context.fetch({ sessionEpoch: -1, topics: [asked('a', 0)] });
    expect([response.sessionId, context.sessions.size]).toEqual([0, 0]);
  });

  it('must be known', async () => {
    const { context, id } = await withSession();
    const response = await context.fetch({ ...FOLLOWER_STATE, sessionId: id + 1, sessionEpoch: 1 });
    expect(response).toMatchObject({ errorCode: ERRORS.FETCH_SESSION_ID_NOT_FOUND.code, sessionId: 0 });
  });

  it('must be the asker’s own', async () => {
    const { context, id } = await withSession();
    const response = await context.fetch({ sessionId: id, sessionEpoch: 1 });
    expect(response.errorCode).toBe(ERRORS.FETCH_SESSION_ID_NOT_FOUND.code);
    await context.fetch({ sessionId: id, sessionEpoch: -1 });
    expect(context.sessions.size).toBe(1);
  });

  it.each([2, 5])('has to be continued with the next epoch, and not with %i', async (sessionEpoch) => {
    const { context, id } = await withSession();
    const response = await context.fetch({ ...FOLLOWER_STATE, sessionId: id, sessionEpoch });
    expect(response.errorCode).toBe(ERRORS.INVALID_FETCH_SESSION_EPOCH.code);
    const right = await context.fetch({ ...FOLLOWER_STATE, sessionId: id, sessionEpoch: 1 });
    expect(right.errorCode).toBe(0);
  });

  it('goes by topic ids for as long as it lasts, or by names', async () => {
    const context = new FetchContext();
    context.replicas.lead('a');
    const { sessionId } = await context.fetch({ sessionEpoch: 0, topics: [asked('a', 0)] }, 13);
    const response = await context.fetch({ sessionId, sessionEpoch: 1 }, 12);
    expect(response.errorCode).toBe(ERRORS.FETCH_SESSION_TOPIC_ID_ERROR.code);
  });

  it.each([0, -1])('is closed by a full fetch with epoch %i', async (sessionEpoch) => {
    const { context, id } = await withSession();
    const response = await context.fetch({ ...FOLLOWER_STATE, sessionId: id, sessionEpoch, topics: [asked('a', 0)] });
    expect(indexesOf(response)).toEqual([0]);
    expect(context.sessions.size).toBe(sessionEpoch === 0 ? 1 : 0);
    const old = await context.fetch({ ...FOLLOWER_STATE, sessionId: id, sessionEpoch: 1 });
    expect(old.errorCode).toBe(ERRORS.FETCH_SESSION_ID_NOT_FOUND.code);
  });

  it('takes partitions in and lets others go; when the last has gone it is closed', async () => {
    const { context, id } = await withSession();
    context.replicas.lead('a', 2).append();
    const next = await context.fetch({
      ...FOLLOWER_STATE,
      sessionId: id,
      sessionEpoch: 1,
      topics: [asked('a', 2)],
      forgottenTopicsData: [asked('a', 0), asked('a', 1)].map(forgotten),
    });
    expect(indexesOf(next)).toEqual([2]);
    expect(context.sessions.partitionCount).toBe(1);
    const last = await context.fetch({
      ...FOLLOWER_STATE,
      sessionId: id,
      sessionEpoch: 2,
      forgottenTopicsData: [forgotten(asked('a', 2))],
    });
    expect([last.errorCode, last.sessionId, context.sessions.size]).toEqual([0, 0, 0]);
  });

  it('is refused where all places are taken by sessions that may stay', async () => {
    const { context } = await withSession(new FetchContext({ slots: 1 }));
    const refused = await context.fetch({ sessionEpoch: 0, topics: [asked('a', 0)] });
    expect([refused.sessionId, indexesOf(refused)]).toEqual([0, [0]]);
  });

  it('of a consumer gives way to a follower’s', async () => {
    const context = new FetchContext({ slots: 1 });
    context.replicas.lead('a');
    const consumer = await context.fetch({ sessionEpoch: 0, topics: [asked('a', 0)] });
    const follower = await context.fetch({ ...FOLLOWER_STATE, sessionEpoch: 0, topics: [asked('a', 0)] });
    expect(follower.sessionId).toBeGreaterThan(0);
    const next = await context.fetch({ sessionId: consumer.sessionId, sessionEpoch: 1 });
    expect(next.errorCode).toBe(ERRORS.FETCH_SESSION_ID_NOT_FOUND.code);
  });

  it('leaves nothing behind when all are closed', async () => {
    const { context } = await withSession();
    context.sessions.close();
    expect([context.sessions.size, context.sessions.partitionCount]).toEqual([0, 0]);
    context.replicas.partitions.get('a-0')?.append();
  });
});

const forgotten = ({ topic, topicId, partitions }: ReturnType<typeof asked>) => ({
  topic,
  topicId,
  partitions: partitions.map(({ partition }) => partition),
});
