import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { LOG_DIR_EVENTS } from '../../../src/znodes/log-dir-event-notification.ts';
import { createBasePaths } from '../../../src/znodes/protocol/base-paths.ts';
import { writeNotification } from '../../../src/znodes/protocol/write-notification.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

const FIRST = '/log_dir_event_notification/log_dir_event_0000000000';
const TEXT = '{"version":1,"broker":3,"event":1}';

describe('writeNotification', () => {
  it('creates a sequential znode that stays', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(createBasePaths(session));
    await ensemble.run(writeNotification(session, LOG_DIR_EVENTS, brokerId(3)));
    expect(ensemble.textOf(FIRST)).toBe(TEXT);
    expect(ensemble.node(FIRST)?.ephemeralOwner).toBe(0n);
  });

  it.each(LOSSES)('tells at least once where the connection breaks (%s)', async (loss) => {
    await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await ensemble.newSession();
      await ensemble.run(createBasePaths(session));
      await ensemble.run(writeNotification(losing(session), LOG_DIR_EVENTS, brokerId(3)));
      expect(ensemble.textOf(FIRST)).toBe(TEXT);
    });
  });
});
