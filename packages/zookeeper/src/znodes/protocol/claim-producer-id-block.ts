import { type BrokerId, producerId } from '@barnabas/model';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';
import { MalformedZnodeError } from '../malformed-znode-error.ts';
import {
  decodeProducerIdBlock,
  encodeProducerIdBlock,
  PRODUCER_ID_BLOCK_PATH,
  type ProducerIdBlock,
} from '../producer-id-block.ts';
import { untilAnswered } from './until-answered.ts';

const BLOCK_LENGTH = 1000;

/**
 * Producer ids that no other broker will give out. The base paths must be there.
 *
 * A block counts only where the server has said so. After an attempt without an answer the next one is claimed, even if the
 * znode shows ours: a double of this broker would have written the very same. Ids that are skipped are of no harm.
 *
 * Rejects with MalformedZnodeError where the last block cannot be read, and with ZooKeeperError.
 */
export function claimProducerIdBlock(session: ZooKeeperSession, broker: BrokerId): Promise<ProducerIdBlock> {
  return untilAnswered(session, async () => {
    for (;;) {
      const { data, stat } = await session.get(PRODUCER_ID_BLOCK_PATH);
      const block = blockAfter(decodeProducerIdBlock(data), broker);
      try {
        await session.set(PRODUCER_ID_BLOCK_PATH, encodeProducerIdBlock(block), stat.version);
        return block;
      } catch (error) {
        if (!isZooKeeperError(error, 'BAD_VERSION')) throw error;
      }
    }
  });
}

function blockAfter(last: ProducerIdBlock | undefined, broker: BrokerId): ProducerIdBlock {
  const first = last === undefined ? 0 : last.last + 1;
  const end = first + BLOCK_LENGTH - 1;
  if (end > Number.MAX_SAFE_INTEGER) throw new MalformedZnodeError(PRODUCER_ID_BLOCK_PATH, 'no producer ids are left');
  return { broker, first: producerId(first), last: producerId(end) };
}
