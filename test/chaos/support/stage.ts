import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding } from '../audit/audit.ts';
import { auditReplicas } from '../audit/audit-replicas.ts';
import type { Fault } from '../faults/fault.ts';
import { Ledger } from '../load/ledger.ts';
import { Load } from '../load/load.ts';
import { PARTITIONS, Scene } from './scene.ts';

export type Outcome = {
  readonly acknowledged: number;
  /** Records that were refused for good, or of which nobody knows. */
  readonly givenUp: number;
  readonly longestGapMs: number;
  readonly findings: readonly Finding[];
};

/** How long records flow before anything happens. */
const STEADY_MS = 2000;

/**
 * Plays rounds, one at a time, on one scene for as long as they go well. Each has a topic of its own, whose leaders are spread
 * over the brokers to begin with; the files of those before are audited with it. Ends with `close`.
 */
export class Stage {
  #scene: Scene | undefined;
  #ledgers: Ledger[] = [];

  /**
   * Rejects where the fault did not come about, or the cluster did not get over it. After that, and after findings, the logs
   * of the brokers are kept, and the next round has a new scene.
   */
  async play(fault: Fault, number: number): Promise<Outcome> {
    this.#scene ??= await Scene.start();
    const scene = this.#scene;
    let outcome: Outcome | undefined;
    try {
      outcome = await this.#play(scene, fault, number);
      return outcome;
    } finally {
      if (outcome === undefined || outcome.findings.length > 0) {
        const dir = scene.keepLogs(topicOf(fault, number));
        process.stderr.write(`chaos: the logs of the brokers are in ${dir}\n`);
        await this.close();
      }
    }
  }

  async close(): Promise<void> {
    const scene = this.#scene;
    this.#scene = undefined;
    this.#ledgers = [];
    await scene?.close();
  }

  async #play(scene: Scene, fault: Fault, number: number): Promise<Outcome> {
    const { cluster } = scene;
    const ledger = new Ledger(topicOf(fault, number));
    const { topic } = ledger;
    await scene.createTopic(topic);
    this.#ledgers.push(ledger);

    const loads: Load[] = [];
    const open = (restUrls: readonly string[], name: string): Load => {
      const load = new Load({ restUrls, ledger, partitions: PARTITIONS, name });
      loads.push(load);
      return load;
    };
    const load = open(cluster.restUrls, 'all');
    await sleep(STEADY_MS);
    await load.flows();
    const loadOn: Parameters<Fault['inflict']>[0]['loadOn'] = ({ id, restUrl }) => open([restUrl], `broker-${id}`);
    await fault.inflict({ scene, topic, load, number, loadOn });
    await load.flows();
    await cluster.whenInSync(topic);
    const { longestGapMs } = load;
    await Promise.all(loads.map((it) => it.stop()));

    return {
      acknowledged: ledger.count('acknowledged'),
      givenUp: ledger.count('refused') + ledger.count('unknown'),
      longestGapMs,
      findings: await auditReplicas(scene, this.#ledgers, loads),
    };
  }
}

const topicOf = ({ name }: Fault, number: number): string => `${name.toLowerCase().replaceAll(' ', '-')}-${number}`;
