import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import { type EmbeddedZooKeeper, embeddedZooKeeper } from '../support/zookeeper/embedded-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';
import { shout } from '../support/zookeeper/say.ts';
import type { ServerSettings } from '../support/zookeeper/server-config.ts';
import { sequences } from './conformance/arbitrary/sequences.ts';
import { checkSequences, SEED, sequenceCount } from './conformance/check-sequences.ts';
import { Comparison } from './conformance/comparison.ts';
import { LIVELY } from './conformance/surroundings.ts';

const STEPS_MAX = 20;
const COUNT = sequenceCount(40);
const MAX_MS_PER_SEQUENCE = 5_000;

/** Sessions of 40 ms are possible, and what may be reaped is gone after 20. */
const SETTINGS: ServerSettings = {
  tickTimeMs: 20,
  sessionTimeoutMsMin: 40,
  sessionTimeoutMsMax: 60_000,
  containerCheckIntervalMs: 20,
  fsync: false,
};

await describeWithZooKeeper('What the embedded server does by itself, beside a real one', 'servers', () => {
  let real: Ensemble;
  let embedded: EmbeddedZooKeeper;

  beforeAll(async () => {
    [real, embedded] = await Promise.all([realZooKeeper({ servers: 1, ...SETTINGS }), embeddedZooKeeper(SETTINGS)]);
  });
  afterAll(async () => {
    await real?.stop();
    await embedded?.stop();
  });

  it(`ends sessions, and reaps containers and znodes past their TTL, in ${COUNT} random sequences of seed ${SEED}`, {
    timeout: COUNT * MAX_MS_PER_SEQUENCE,
  }, async () => {
    onTestFailed(async () => shout(await real.logTails()));
    const comparison = await Comparison.of(await real.leader(), embedded);
    await expect(checkSequences(comparison, sequences(LIVELY, STEPS_MAX), COUNT)).resolves.toBeUndefined();
  });
});
