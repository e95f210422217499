import { describe, expect, it } from 'vitest';
import { createBasePaths } from '../../../src/znodes/protocol/base-paths.ts';
import { generateBrokerId } from '../../../src/znodes/protocol/generate-broker-id.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

const RESERVED_MAX = 1000;

describe('generateBrokerId', () => {
  it('begins above the reserved ids, and never answers the same twice', async () => {
    const ensemble = new ZnodesEnsemble();
    const session = await ensemble.newSession();
    await ensemble.run(createBasePaths(session));
    const ids = [1, 2, 3].map(() => generateBrokerId(session, RESERVED_MAX));
    expect(await ensemble.run(Promise.all(ids))).toEqual([1001, 1002, 1003]);
    expect(ensemble.node('/brokers/seqid')).toMatchObject({ version: 3, data: new Uint8Array(0) });
  });

  it.each(LOSSES)('may skip one where the connection breaks (%s)', async (loss) => {
    await withEachRequestLost(loss, async (ensemble, losing) => {
      const session = await ensemble.newSession();
      await ensemble.run(createBasePaths(session));
      const id = await ensemble.run(generateBrokerId(losing(session), RESERVED_MAX));
      expect(id).toBe(1000 + (ensemble.node('/brokers/seqid')?.version ?? 0));
    });
  });
});
