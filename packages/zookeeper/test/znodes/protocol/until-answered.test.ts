import { describe, expect, it } from 'vitest';
import type { ErrorCodeName } from '../../../src/operation/error-code.ts';
import { ZooKeeperError } from '../../../src/session/zookeeper-error.ts';
import { untilAnswered } from '../../../src/znodes/protocol/until-answered.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

describe('untilAnswered', () => {
  it.each<ErrorCodeName>([
    'CONNECTION_LOSS',
    'OPERATION_TIMEOUT',
    'SESSION_MOVED',
  ])('asks again at once after %s, where there is a connection', async (code) => {
    expect(await takenMs(code)).toBeLessThan(10);
  });

  it.each<ErrorCodeName>([
    'THROTTLED_OP',
    'REQUEST_TIMEOUT',
    'SYSTEM_ERROR',
  ])('leaves a server that answers %s alone for a while, and then for longer', async (code) => {
    const tookMs = await takenMs(code);
    expect(tookMs).toBeGreaterThanOrEqual(100 + 200 + 400);
    expect(tookMs).toBeLessThan(1000);
  });

  it('rejects with what asking again does not help', async () => {
    const { ensemble, session } = await begin();
    const failing = untilAnswered(session, () => Promise.reject(new ZooKeeperError('NO_AUTH', 'of the test')));
    await expect(ensemble.run(failing)).rejects.toMatchObject({ code: 'NO_AUTH' });
  });

  it('rejects at once when the session is lost while it waits', async () => {
    const { ensemble, session } = await begin();
    const asking = untilAnswered(session, () => Promise.reject(new ZooKeeperError('SYSTEM_ERROR', 'of the test')));
    const refused = expect(asking).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    await ensemble.scheduler.advanceBy(50);
    await ensemble.run(session.close());
    await refused;
  });
});

/** How long it takes where three attempts fail so. */
async function takenMs(code: ErrorCodeName): Promise<number> {
  const { ensemble, session } = await begin();
  const beganMs = ensemble.clock.steadyMs();
  let attempts = 0;
  const answer = await ensemble.run(
    untilAnswered(session, async () => {
      attempts++;
      if (attempts <= 3) throw new ZooKeeperError(code, 'of the test');
      return 'answered';
    }),
  );
  expect([answer, attempts]).toEqual(['answered', 4]);
  return ensemble.clock.steadyMs() - beganMs;
}

async function begin() {
  const ensemble = new ZnodesEnsemble();
  return { ensemble, session: await ensemble.newSession() };
}
