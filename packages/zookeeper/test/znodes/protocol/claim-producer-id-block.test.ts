import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { ANY_VERSION } from '../../../src/operation/request.ts';
import { MalformedZnodeError } from '../../../src/znodes/malformed-znode-error.ts';
import type { ProducerIdBlock } from '../../../src/znodes/producer-id-block.ts';
import { createBasePaths } from '../../../src/znodes/protocol/base-paths.ts';
import { claimProducerIdBlock } from '../../../src/znodes/protocol/claim-producer-id-block.ts';
import { LOSSES } from '../../support/unanswering-session.ts';
import { withEachRequestLost, ZnodesEnsemble } from './znodes-ensemble.ts';

const B3 = brokerId(3);
const PATH = '/latest_producer_id_block';

describe('claimProducerIdBlock', () => {
  it('claims a thousand ids after the other, as Kafka does', async () => {
    const { ensemble, session } = await begin();
    expect(await ensemble.run(claimProducerIdBlock(session, B3))).toEqual({ broker: 3, first: 0, last: 999 });
    await ensemble.run(claimProducerIdBlock(session, B3));
    expect(await ensemble.run(claimProducerIdBlock(session, B3))).toEqual({ broker: 3, first: 2000, last: 2999 });
    expect(ensemble.textOf(PATH)).toBe('{"version":1,"broker":3,"block_start":"2000","block_end":"2999"}');
  });

  it('gives none twice to brokers that claim at the same time, not even to doubles', async () => {
    const { ensemble, session } = await begin();
    const sessions = [session, await ensemble.newSession(), await ensemble.newSession()];
    const claims = [...sessions, ...sessions].map((each) => claimProducerIdBlock(each, B3));
    const blocks = await ensemble.run(Promise.all(claims));
    expect(blocks.map(({ first }) => first).sort((a, b) => a - b)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  });

  it.each([
    '{"broker":1}',
    '{"version":1,"broker":1,"block_start":"0","block_end":"9007199254740900"}',
  ])('refuses %s, and leaves it alone', async (text) => {
    const { ensemble, session } = await begin();
    await ensemble.run(session.set(PATH, Buffer.from(text), ANY_VERSION));
    await expect(ensemble.run(claimProducerIdBlock(session, B3))).rejects.toThrow(MalformedZnodeError);
    expect(ensemble.textOf(PATH)).toBe(text);
  });

  it.each(LOSSES)('claims the next one where no answer came to a claim (%s)', async (loss) => {
    const requests = await withEachRequestLost(loss, async (ensemble, losing) => {
      const { session } = await begin(ensemble);
      const block = await ensemble.run(claimProducerIdBlock(losing(session), B3));
      expectSole(block, ensemble);
    });
    expect(requests).toBeGreaterThanOrEqual(2);
  });
});

/** The block is the one that was written last, and was written once. */
function expectSole(block: ProducerIdBlock, ensemble: ZnodesEnsemble): void {
  const written = ensemble.writes.flatMap(({ txn }) =>
    txn.type === 'setData' && txn.path === PATH ? [Buffer.from(txn.data ?? []).toString()] : [],
  );
  expect(written.filter((text) => text.includes(`"block_start":"${block.first}"`))).toEqual([ensemble.textOf(PATH)]);
}

async function begin(ensemble = new ZnodesEnsemble()) {
  const session = await ensemble.newSession();
  await ensemble.run(createBasePaths(session));
  return { ensemble, session };
}
