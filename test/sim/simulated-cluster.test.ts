import { describe, expect, it } from 'vitest';
import { Reached } from './kernel/reached.ts';
import { runSeeds } from './seed-processes.ts';
import { isSingleSeed, seedsToRun } from './seeds.ts';

/** Without these a run says little. */
const HAS_TO_BE_REACHED = [
  ...['ISR shrunk by its leader', 'ISR shrunk by the controller', 'ISR expanded', 'leader elected', 'unclean election'],
  ...['partition without a leader', 'controller moved', 'registration gone', 'records truncated', 'topic deleted'],
  ...['unflushed records lost', 'records lost by all in sync', 'records lost in an unclean election', 'torn tail'],
  ...['acknowledged with acks=-1', 'acknowledged with acks=1', 'outcome unknown', 'batch consumed'],
  ...['NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT'].map(
    (error) => `produce answered ${error}`,
  ),
  ...['FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH'].map((error) => `fetch answered ${error}`),
  ...['123', '132', '213', '231', '312', '321'].map((order) => `started again in the order ${order}`),
  ...['a broker is killed', 'a machine loses power', 'all brokers are killed', 'a broker stands still'],
  ...['a broker is stopped', 'rolling restart', 'a disk stalls', 'a disk is replaced', 'a flushed byte is damaged'],
  ...['a link is cut', 'a link is silent', 'a link is silent one way', 'a broker is cut off from its peers'],
  ...['a broker is cut off from ZooKeeper', 'a session is expired', 'ZooKeeper is down', 'ZooKeeper stands still'],
  ...['a controller is replaced and does not hear of it', 'logged: the replica could not take over its role'],
];

const SEEDS = seedsToRun(1, 500);

describe('a cluster of three, simulated', () => {
  it(`keeps every rule, whatever goes wrong (seeds ${SEEDS[0]} to ${SEEDS.at(-1)})`, {
    timeout: 60_000 + SEEDS.length * 5000,
  }, async () => {
    const results = await runSeeds(SEEDS);
    expect(results.map(({ seed }) => seed)).toEqual(SEEDS);
    const [failure] = results.flatMap((result) => result.failure ?? []);
    expect(failure).toBeUndefined();
    const reached = new Reached();
    for (const result of results) reached.add(result.reached);
    if (!isSingleSeed() && SEEDS.length >= 500) expect(reached.missing(HAS_TO_BE_REACHED)).toEqual([]);
  });
});
