/**
 * Not asked of the two, because a real server cannot bear it or leaves it to chance: a check that stands by itself, which
 * ZooKeeper never answers and then finds unreadable in its log; a createTTL of another mode with a TTL below 0, of which it
 * dies; and what `writeInBurstFor` leaves out.
 */
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import { type EmbeddedZooKeeper, embeddedZooKeeper } from '../support/zookeeper/embedded-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';
import { shout } from '../support/zookeeper/say.ts';
import type { ServerSettings } from '../support/zookeeper/server-config.ts';
import { sequences } from './conformance/arbitrary/sequences.ts';
import { CASES } from './conformance/cases.ts';
import { checkSequences, SEED, sequenceCount } from './conformance/check-sequences.ts';
import { Comparison } from './conformance/comparison.ts';
import { QUIET } from './conformance/surroundings.ts';

const STEPS_MAX = 40;
const COUNT = sequenceCount(2000);
const MAX_MS_PER_SEQUENCE = 150;

/** Nothing happens on these servers that no client asked for. */
const SETTINGS: ServerSettings = {
  tickTimeMs: 1000,
  sessionTimeoutMsMin: 20_000,
  sessionTimeoutMsMax: 60_000,
  containerCheckIntervalMs: 60 * 60_000,
  fsync: false,
};

await describeWithZooKeeper('The embedded server, beside a real one', 'servers', () => {
  let real: Ensemble;
  let embedded: EmbeddedZooKeeper;
  let comparison: Comparison;

  beforeAll(async () => {
    [real, embedded] = await Promise.all([realZooKeeper({ servers: 1, ...SETTINGS }), embeddedZooKeeper(SETTINGS)]);
    comparison = await Comparison.of(await real.leader(), embedded);
  });
  afterAll(async () => {
    await real?.stop();
    await embedded?.stop();
  });

  it.each(CASES)('does the same: $name', async ({ steps }) => {
    onTestFailed(async () => shout(await real.logTails()));
    await expect(comparison.run(steps)).resolves.toBeUndefined();
  });

  it(`does the same in ${COUNT} random sequences of seed ${SEED}`, {
    timeout: COUNT * MAX_MS_PER_SEQUENCE,
  }, async () => {
    onTestFailed(async () => shout(await real.logTails()));
    await expect(checkSequences(comparison, sequences(QUIET, STEPS_MAX), COUNT)).resolves.toBeUndefined();
  });
});
