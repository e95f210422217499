import { describe, expect, it } from 'vitest';
import { ANY_VERSION } from '../../../src/operation/request.ts';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import { ZooKeeperError } from '../../../src/session/zookeeper-error.ts';
import { DELEGATION_TOKEN_CHANGES } from '../../../src/znodes/delegation-token-change.ts';
import { createPaths } from '../../../src/znodes/protocol/create-paths.ts';
import { NotificationFollower } from '../../../src/znodes/protocol/notification-follower.ts';
import { writeNotification } from '../../../src/znodes/protocol/write-notification.ts';
import { LOSSES, unansweringSession } from '../../support/unanswering-session.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

const KIND = DELEGATION_TOKEN_CHANGES;
const QUARTER_HOUR_MS = 15 * 60 * 1000;
const SETTLE_MS = 500;

describe('NotificationFollower', () => {
  it('handles what is there, and then what comes, in the order of their numbers', async () => {
    const { ensemble, session, tell, follow } = await begin();
    await tell('a', 'b');
    const { handled, start } = follow(session);
    await ensemble.run(start());
    expect(handled).toEqual(['a', 'b']);
    await tell('c', 'd', 'e');
    expect(handled).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('handles one at a time', async () => {
    const { ensemble, session, tell, follow } = await begin();
    let running = 0;
    const { handled, start } = follow(session, async () => {
      expect(++running).toBe(1);
      await ensemble.scheduler.advanceBy(0);
      running--;
    });
    await ensemble.run(start());
    await tell('a', 'b', 'c');
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  it('handles all of them again when it is connected anew', async () => {
    const { ensemble, host, session, tell, follow } = await begin();
    const { handled, start } = follow(session);
    await ensemble.run(start());
    await tell('a');
    host.cut();
    await ensemble.scheduler.advanceBy(SETTLE_MS);
    expect(handled).toEqual(['a', 'a']);
    await tell('b');
    expect(handled).toEqual(['a', 'a', 'b']);
  });

  it('hears of what came while there was no connection', async () => {
    const { ensemble, host, session, tell, follow } = await begin();
    const { handled, start } = follow(session);
    await ensemble.run(start());
    host.hold();
    await tell('a');
    expect(handled).toEqual([]);
    host.cut();
    host.release();
    await ensemble.scheduler.advanceBy(SETTLE_MS);
    expect(handled).toContain('a');
  });

  it('deletes what is older than a quarter of an hour, by its creation', async () => {
    const { ensemble, session, tell, follow, names } = await begin();
    const { start } = follow(session);
    await ensemble.run(start());
    await tell('a');
    await ensemble.scheduler.advanceBy(QUARTER_HOUR_MS - 2 * SETTLE_MS);
    await tell('b');
    expect(names()).toEqual(['token_change_0000000000', 'token_change_0000000001']);
    await ensemble.scheduler.advanceBy(2 * SETTLE_MS);
    await tell('c');
    expect(names()).toEqual(['token_change_0000000001', 'token_change_0000000002']);
  });

  it('handles what is old before it deletes it', async () => {
    const { ensemble, session, tell, follow, names } = await begin();
    await tell('a');
    await ensemble.scheduler.advanceBy(QUARTER_HOUR_MS + SETTLE_MS);
    const { handled, start } = follow(session);
    await ensemble.run(start());
    expect(handled).toEqual(['a']);
    expect(names()).toEqual([]);
  });

  it('passes over what cannot be read or handled, and reports each once', async () => {
    const { ensemble, host, session, tell, writer, follow } = await begin();
    const { handled, reported, start } = follow(session, (token) => {
      if (token === 'bad') throw new Error('it is bad');
    });
    await ensemble.run(start());
    await ensemble.run(writer.create(`${KIND.parent}/${KIND.prefix}`, null, { mode: 'persistentSequential' }));
    await ensemble.run(writer.create(`${KIND.parent}/stray`, null));
    await tell('bad', 'good');
    host.cut();
    await ensemble.scheduler.advanceBy(SETTLE_MS);
    expect(handled).toEqual(['bad', 'good', 'bad', 'good']);
    expect([...reported].sort()).toEqual([
      `${KIND.parent}/stray: it is not called as a notification`,
      `${KIND.parent}/token_change_0000000000: znode ${KIND.parent}/token_change_0000000000 is malformed: it has no data`,
      `${KIND.parent}/token_change_0000000002: it is bad`,
    ]);
  });

  it('reports that there is nothing to follow', async () => {
    const { ensemble, session, writer, follow } = await begin();
    await ensemble.run(writer.delete(KIND.parent, ANY_VERSION));
    const { reported, start } = follow(session);
    await ensemble.run(start());
    expect(reported).toEqual([expect.stringContaining(`${KIND.parent}: `)]);
  });

  it('follows once there is something, and reports once that there was not', async () => {
    const { ensemble, session, writer, tell, follow } = await begin();
    await ensemble.run(writer.delete(KIND.parent, ANY_VERSION));
    const { handled, reported, start } = follow(session);
    await ensemble.run(start());
    await ensemble.scheduler.advanceBy(60_000);
    await ensemble.run(createPaths(writer, [KIND.parent]));
    await tell('a');
    await ensemble.scheduler.advanceBy(10_000);
    expect(handled).toEqual(['a']);
    expect(reported).toHaveLength(1);
    await tell('b');
    expect(handled).toEqual(['a', 'b']);
  });

  it.each([
    'THROTTLED_OP',
    'SYSTEM_ERROR',
    'NO_AUTH',
    'MARSHALLING_ERROR',
  ] as const)('is not deaf after a pass that failed by %s', async (code) => {
    const { ensemble, session, tell, follow } = await begin();
    let isFailing = true;
    const failing = new Proxy(session, {
      get(target, key): unknown {
        if (key === 'children' && isFailing) return () => Promise.reject(new ZooKeeperError(code, 'of the test'));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { handled, start } = follow(failing);
    void start();
    await ensemble.scheduler.advanceBy(5000);
    isFailing = false;
    await ensemble.scheduler.advanceBy(10_000);
    await tell('a');
    expect(handled).toEqual(['a']);
  });

  it('does nothing more once it is closed', async () => {
    const { ensemble, session, tell, follow } = await begin();
    const { follower, handled, start } = follow(session, (token) => {
      if (token === 'last') follower.close();
    });
    await tell('last', 'a', 'b');
    await ensemble.run(start());
    await tell('c');
    expect(handled).toEqual(['last']);
  });

  it('ends with its session', async () => {
    const { ensemble, host, session, tell, follow } = await begin();
    const { handled, reported, start } = follow(session);
    await ensemble.run(start());
    host.hold();
    await ensemble.scheduler.advanceBy(2 * session.timeoutMs);
    host.release();
    await tell('a');
    expect({ handled, reported }).toEqual({ handled: [], reported: [] });
  });

  it.each(LOSSES)('handles everything where any request gets no answer (%s)', async (loss) => {
    for (let lost = 1; lost <= 12; lost++) {
      const { ensemble, session, tell, follow } = await begin();
      const losing = unansweringSession(session, (request) => (request === lost ? loss : undefined));
      await tell('a', 'b');
      const { handled, reported, start } = follow(losing.session);
      await ensemble.run(start());
      await tell('c');
      await tell('d');
      expect(handled).toEqual(['a', 'b', 'c', 'd']);
      expect(reported).toEqual([]);
      expect(losing.requests()).toBeGreaterThan(6);
    }
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  const host = ensemble.zookeeper.newHost();
  const [session, writer] = [await ensemble.newSession(host), await ensemble.newSession()];
  await ensemble.run(createPaths(writer, [KIND.parent]));

  /** Another broker writes these, and everything that follows from it has happened. */
  const tell = async (...tokens: readonly string[]): Promise<void> => {
    for (const token of tokens) await ensemble.run(writeNotification(writer, KIND, token));
    await ensemble.scheduler.advanceBy(SETTLE_MS);
  };
  const names = (): string[] =>
    ensemble
      .paths()
      .filter((path) => path.startsWith(`${KIND.parent}/`))
      .map((path) => path.slice(KIND.parent.length + 1));
  const follow = (followed: ZooKeeperSession, handle: (token: string) => Promise<void> | void = () => {}) => {
    const handled: string[] = [];
    const reported: string[] = [];
    const follower = new NotificationFollower(followed, {
      kind: KIND,
      clock: ensemble.clock,
      report: (path, error) => reported.push(`${path}: ${error instanceof Error ? error.message : error}`),
      handle: async (token) => {
        handled.push(token);
        await handle(token);
      },
    });
    return { follower, handled, reported, start: () => follower.start() };
  };
  return { ensemble, host, session, writer, tell, names, follow };
}
