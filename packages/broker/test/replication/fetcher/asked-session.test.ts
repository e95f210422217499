import { brokerId, leaderEpoch, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { AskedSession, type SessionRequest } from '../../../src/replication/fetcher/asked-session.ts';
import { FetchedReplica } from '../../../src/replication/fetcher/fetched-replica.ts';
import { MemoryFollowed } from '../../support/fetching/memory-followed.ts';
import { idOf } from '../../support/fetching/memory-replicas.ts';

const SESSION = 77;

/** A session of so many partitions, all ready. */
const sessionOf = (count: number) => {
  const replicas = new Map<string, FetchedReplica>();
  const session = new AskedSession(replicas);
  const add = (partition: number): FetchedReplica => {
    const following = {
      partition: new MemoryFollowed('a', partition),
      leader: brokerId(1),
      leaderEpoch: leaderEpoch(3),
    };
    const replica = new FetchedReplica(following, idOf('a'));
    replicas.set(replica.key, replica);
    session.touch(replica.key);
    return replica;
  };
  const all = Array.from({ length: count }, (_, partition) => add(partition));
  return { session, replicas, add, all };
};

const move = (session: AskedSession, replica: FetchedReplica, to: number): void => {
  (replica.partition as MemoryFollowed).fetchOffset = offset(to);
  session.touch(replica.key);
};

const summary = ({ sessionId, sessionEpoch, listed, forgotten }: SessionRequest) => ({
  sessionId,
  sessionEpoch,
  listed: listed.map(({ replica, position }) => `${replica.name}@${position.fetchOffset}`),
  forgotten: forgotten.map(({ name }) => name),
});

describe('next', () => {
  it('lists all at first, then what has moved, then nothing', () => {
    const { session, all } = sessionOf(2);
    const first = session.next();
    expect(summary(first)).toEqual({ sessionId: 0, sessionEpoch: 0, listed: ['a-0@0', 'a-1@0'], forgotten: [] });
    session.onAnswer(first, SESSION);
    if (all[1] !== undefined) move(session, all[1], 5);
    expect(summary(session.next())).toEqual({ sessionId: SESSION, sessionEpoch: 1, listed: ['a-1@5'], forgotten: [] });
    expect(summary(session.next())).toEqual({ sessionId: SESSION, sessionEpoch: 2, listed: [], forgotten: [] });
  });

  it('lists all each time where the leader has no room', () => {
    const { session } = sessionOf(1);
    session.onAnswer(session.next(), 0);
    expect(session.isRefused).toBe(true);
    expect(summary(session.next())).toEqual({ sessionId: 0, sessionEpoch: 0, listed: ['a-0@0'], forgotten: [] });
  });

  it('forgets what is not ready or has gone, and lists it when it is back', () => {
    const { session, replicas, all } = sessionOf(2);
    session.onAnswer(session.next(), SESSION);
    const [busy, gone] = all as [FetchedReplica, FetchedReplica];
    busy.state = 'busy';
    replicas.delete(gone.key);
    for (const { key } of all) session.touch(key);
    expect(summary(session.next()).forgotten).toEqual(['a-0', 'a-1']);
    busy.state = 'ready';
    session.touch(busy.key);
    expect(summary(session.next())).toMatchObject({ listed: ['a-0@0'], forgotten: [] });
  });

  it('closes the session that it had when it begins anew', () => {
    const { session } = sessionOf(1);
    session.onAnswer(session.next(), SESSION);
    session.beginAnew();
    expect(summary(session.next())).toEqual({ sessionId: SESSION, sessionEpoch: 0, listed: ['a-0@0'], forgotten: [] });
  });

  it('lists again what has to be told once more', () => {
    const { session, all } = sessionOf(1);
    session.onAnswer(session.next(), SESSION);
    expect(session.hasMoreToAsk()).toBe(false);
    session.distrust(all[0]?.key ?? '');
    expect(session.hasMoreToAsk()).toBe(true);
    expect(summary(session.next()).listed).toEqual(['a-0@0']);
  });

  it('lists a replica that is followed anew, though it stands where the last one stood', () => {
    const { session, add } = sessionOf(1);
    session.onAnswer(session.next(), SESSION);
    add(0);
    expect(summary(session.next())).toMatchObject({ listed: ['a-0@0'], forgotten: [] });
  });
});

describe('isAsked', () => {
  it('holds for the answers to all requests since the partition was told', () => {
    const { session, all } = sessionOf(1);
    const replica = all[0] as FetchedReplica;
    const first = session.next();
    session.onAnswer(first, SESSION);
    const second = session.next();
    expect([session.isAsked(first, replica), session.isAsked(second, replica)]).toEqual([true, true]);
  });

  it('does not hold for an answer to a request from before it moved', () => {
    const { session, all } = sessionOf(1);
    const replica = all[0] as FetchedReplica;
    session.onAnswer(session.next(), SESSION);
    const crossed = session.next();
    move(session, replica, 5);
    expect(session.isAsked(crossed, replica)).toBe(false);
    const next = session.next();
    expect([session.isAsked(crossed, replica), session.isAsked(next, replica)]).toEqual([false, true]);
  });

  it('does not hold while the log is at work, nor for another follow of it', () => {
    const { session, add, all } = sessionOf(1);
    const replica = all[0] as FetchedReplica;
    const request = session.next();
    replica.state = 'busy';
    expect(session.isAsked(request, replica)).toBe(false);
    expect(session.isAsked(request, add(0))).toBe(false);
  });

  it('does not hold across sessions', () => {
    const { session } = sessionOf(1);
    const request = session.next();
    session.beginAnew();
    expect(session.isCurrent(request)).toBe(false);
  });
});
