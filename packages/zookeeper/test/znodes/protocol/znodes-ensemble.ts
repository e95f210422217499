import type { SimulatedHost } from '@barnabas/testkit';
import { connectSession } from '../../../src/session/connect-session.ts';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import type { NodeRecord } from '../../../src/txn/tree-image.ts';
import type { Txn } from '../../../src/txn/txn.ts';
import { SimulatedEnsemble } from '../../support/simulated-ensemble.ts';
import { type Loss, unansweringSession } from '../../support/unanswering-session.ts';

export type LoggedWrite = { readonly zxid: number; readonly sessionId: bigint; readonly txn: Txn };

/** A simulated ZooKeeper with sessions, and a look at what they wrote. */
export class ZnodesEnsemble extends SimulatedEnsemble {
  #generation = 0;

  newSession(host: SimulatedHost = this.zookeeper.newHost()): Promise<ZooKeeperSession> {
    this.#generation++;
    return this.run(connectSession({ ...this.optionsOf(host), connectDeadlineMs: 50_000 }, this.#generation));
  }

  /** What was committed, the steps of multis one by one. */
  get writes(): LoggedWrite[] {
    return this.zookeeper.journal.flatMap(({ header: { zxid, sessionId }, txn }) =>
      (txn.type === 'multi' ? txn.txns : [txn]).map((step) => ({ zxid, sessionId, txn: step })),
    );
  }

  /** Paths in the order in which they were created. */
  get created(): string[] {
    return this.writes.flatMap(({ txn }) => (txn.type === 'create' ? [txn.path] : []));
  }

  node(path: string): NodeRecord | undefined {
    for (const [found, node] of this.zookeeper.image()?.nodes ?? []) if (found === path) return node;
    return undefined;
  }

  textOf(path: string): string | undefined {
    const data = this.node(path)?.data;
    return data === undefined || data === null ? undefined : Buffer.from(data).toString();
  }
}

/**
 * Runs `scenario` once with each of its requests lost in the given way, each time on an ensemble of its own, until it makes
 * fewer requests than the one that would be lost.
 */
export async function withEachRequestLost(
  loss: Loss,
  scenario: (
    ensemble: ZnodesEnsemble,
    /** Makes a session of whose requests one is lost; the others of the scenario are left alone. */
    losing: (session: ZooKeeperSession) => ZooKeeperSession,
    lost: number,
  ) => Promise<void>,
): Promise<number> {
  for (let lost = 1; ; lost++) {
    let requests = () => 0;
    const losing = (session: ZooKeeperSession): ZooKeeperSession => {
      const wrapped = unansweringSession(session, (request) => (request === lost ? loss : undefined));
      requests = wrapped.requests;
      return wrapped.session;
    };
    await scenario(new ZnodesEnsemble(lost), losing, lost);
    if (requests() < lost) return lost - 1;
  }
}
