import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { MultiError } from '../../../src/session/zookeeper-error.ts';
import { controllerMulti } from '../../../src/znodes/protocol/controller-fence.ts';
import { ControllerMovedError } from '../../../src/znodes/protocol/controller-moved-error.ts';
import { electController } from '../../../src/znodes/protocol/elect-controller.ts';
import { unansweringSession } from '../../support/unanswering-session.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

const CREATE = { type: 'create', path: '/a', data: null } as const;
const SET = { type: 'set', path: '/a', data: Buffer.from('x'), version: 0 } as const;

describe('controllerMulti', () => {
  it('does what it is given, and answers what came of each step', async () => {
    const { ensemble, session } = await begin();
    const results = await ensemble.run(controllerMulti(session, 1, [CREATE, SET]));
    expect(results).toMatchObject([
      { type: 'create', path: '/a' },
      { type: 'set', stat: { version: 1 } },
    ]);
  });

  it('does nothing once another broker has been elected', async () => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.delete('/controller', 0));
    await ensemble.run(electController(await ensemble.newSession(), brokerId(2), 0));
    const error = await ensemble.run(controllerMulti(session, 1, [CREATE]).catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(ControllerMovedError);
    expect(error).toMatchObject({ error: 'STALE_CONTROLLER_EPOCH' });
    expect(ensemble.node('/a')).toBeUndefined();
  });

  it('names the step that could not be done, as its caller counts them', async () => {
    const { ensemble, session } = await begin();
    const twice = await ensemble.run(controllerMulti(session, 1, [CREATE, CREATE]).catch((error: unknown) => error));
    expect(twice).toBeInstanceOf(MultiError);
    expect(twice).toMatchObject({ index: 1, code: 'NODE_EXISTS', path: '/a' });
    expect(ensemble.node('/a')).toBeUndefined();
  });

  it('can ask alone whether the controller still is one', async () => {
    const { ensemble, session } = await begin();
    expect(await ensemble.run(controllerMulti(session, 1, []))).toEqual([]);
    await expect(ensemble.run(controllerMulti(session, 0, []))).rejects.toThrow(ControllerMovedError);
  });

  it('does not repeat what got no answer', async () => {
    const { ensemble, session } = await begin();
    const losing = unansweringSession(session, () => 'answer');
    await expect(ensemble.run(controllerMulti(losing.session, 1, [CREATE]))).rejects.toMatchObject({
      code: 'CONNECTION_LOSS',
      outcome: 'unknown',
    });
    expect(losing.requests()).toBe(1);
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  const session = await ensemble.newSession();
  await ensemble.run(electController(session, brokerId(1), 0));
  return { ensemble, session };
}
