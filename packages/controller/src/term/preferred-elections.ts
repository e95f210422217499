import {
  decodePreferredReplicaElection,
  isZooKeeperError,
  MalformedZnodeError,
  PREFERRED_REPLICA_ELECTION_PATH,
  readOptional,
  type ZnodeContent,
} from '@barnabas/zookeeper';
import type { AskedElections } from './asked-elections.ts';
import type { TermParts } from './term-parts.ts';

/**
 * The znode by which old tools ask for the preferred leaders of partitions. What it asks for is tried once; then it is
 * deleted, which is how the tool learns that its request was heeded, and another one can be made.
 *
 * Source: Kafka's processReplicaLeaderElection, ZkTriggered.
 */
export class PreferredElections {
  readonly #parts: TermParts;
  readonly #elections: AskedElections;
  readonly #dirty: () => void;

  /** @param dirty called when `changed` has to be */
  constructor(parts: TermParts, elections: AskedElections, dirty: () => void) {
    this.#parts = parts;
    this.#elections = elections;
    this.#dirty = dirty;
  }

  /** Heeds the znode where there is one. The watch is armed also where there is none. */
  async changed(): Promise<void> {
    const { fenced } = this.#parts;
    const watch = { watch: this.#dirty };
    const stat = await fenced.untilAnswered((session) => session.exists(PREFERRED_REPLICA_ELECTION_PATH, watch));
    if (stat === undefined) return;
    const found = await fenced.untilAnswered((session) => readOptional(session, PREFERRED_REPLICA_ELECTION_PATH));
    if (found === undefined) return;
    await this.#elect(found);
    await this.#remove(found);
  }

  async #elect({ data }: ZnodeContent): Promise<void> {
    const { logger } = this.#parts.options;
    try {
      const asked = decodePreferredReplicaElection(data);
      const results = await this.#elections.electAll('preferred', asked);
      const failed = results.filter(({ error }) => error !== 'NONE' && error !== 'ELECTION_NOT_NEEDED');
      logger.info(
        { asked: asked.length, failed: failed.slice(0, 10) },
        'elected the preferred leaders that were asked for',
      );
    } catch (err) {
      if (!(err instanceof MalformedZnodeError)) throw err;
      logger.warn(
        { path: PREFERRED_REPLICA_ELECTION_PATH, err },
        'nobody is elected: what is asked for cannot be read',
      );
    }
  }

  /** One that says something else by now is left alone: the watch has brought the next event. */
  async #remove({ stat }: ZnodeContent): Promise<void> {
    const { fenced } = this.#parts;
    const deletion = { type: 'delete', path: PREFERRED_REPLICA_ELECTION_PATH, version: stat.version } as const;
    await fenced.untilAnswered(async () => {
      const [outcome] = await fenced.writeBatches([deletion], 1);
      if (outcome === undefined || outcome.type === 'done') return;
      const isSettled = isZooKeeperError(outcome.error, 'NO_NODE') || isZooKeeperError(outcome.error, 'BAD_VERSION');
      if (!isSettled) throw outcome.error;
    });
  }
}
