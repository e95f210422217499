import { randomBytes } from 'node:crypto';
import { type Client, createClient, type Producer } from '@barnabas/client';
import { CommandError } from '../command-error.ts';
import type { ClusterSettings } from '../local-cluster/cluster-settings.ts';
import { pause } from '../pause.ts';
import { type StopSignal, stopSignal } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';
import { AckTimes } from './ack-times.ts';
import { type DemoCluster, demoCluster } from './demo-cluster.ts';
import { type FlightRecord, readFlights } from './flights.ts';
import { END, type Followed, follow, hashOf } from './followed-flights.ts';
import { Progress } from './progress.ts';

const REPLICATION_FACTOR = 3;
const MIN_IN_SYNC = 2;
/** Flights that are under way at once: what a program would keep. */
const WINDOW = 500;
/** A killed broker is missed for the session timeout; this is how long the demo looks for the new leader. */
const NEW_LEADER_DEADLINE_MS = 60_000;
const POLL_MS = 50;

/**
 * Shows what a cluster is for: flights go in, a reader follows, the leader of the partition is killed in the middle, and the
 * reader has got each flight once and in order.
 *
 * @throws CommandError where that is not so, or something else stands in the way
 */
export async function demo(
  settings: ClusterSettings,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<void> {
  const flights = await readFlights();
  const stop = stopSignal();
  try {
    const cluster = await demoCluster(settings, environment);
    try {
      await terminal.out(`Demo on ${cluster.what}: ${cluster.urls.join(' ')}\n`);
      await onCluster(cluster, flights, terminal, stop.asked);
    } finally {
      await cluster.end();
    }
  } finally {
    stop.release();
  }
}

async function onCluster(
  cluster: DemoCluster,
  flights: readonly FlightRecord[],
  terminal: Terminal,
  asked: StopSignal['asked'],
): Promise<void> {
  const client = createClient({ servers: cluster.urls, requestTimeoutMs: 5000 });
  const topic = `demo-flights-${randomBytes(3).toString('hex')}`;
  try {
    const stopped = asked.then(() => {
      throw new CommandError('stopped before its end');
    });
    await Promise.race([withTopic(client, cluster, topic, flights, terminal), stopped]);
  } finally {
    await client.close();
  }
}

async function withTopic(
  client: Client,
  cluster: DemoCluster,
  topic: string,
  flights: readonly FlightRecord[],
  terminal: Terminal,
): Promise<void> {
  const configs = { 'min.insync.replicas': `${MIN_IN_SYNC}` };
  await client.topics.create(topic, { partitions: 1, replicationFactor: REPLICATION_FACTOR, configs });
  await run(client, cluster, topic, flights, terminal);
  if (cluster.isOwn) return;
  // A topic is gone when all brokers that have a replica have let go of it.
  await cluster.repair();
  await client.topics.delete(topic);
}

async function run(
  client: Client,
  cluster: DemoCluster,
  topic: string,
  flights: readonly FlightRecord[],
  terminal: Terminal,
): Promise<void> {
  const acks = new AckTimes();
  let read = 0;
  const total = flights.length;
  const progress = new Progress(terminal, process.stdout.isTTY === true, total, () => ({
    done: read,
    line: `${number(acks.count)} of ${number(total)} flights acknowledged, ${number(read)} read`,
  }));
  await progress.say(`Topic ${topic}: 1 partition, ${REPLICATION_FACTOR} replicas, min.insync.replicas=${MIN_IN_SYNC}`);
  const reader = client.reader({ topic, partition: 0, from: 'earliest', waitMs: 1000 });
  progress.start();
  try {
    const following = follow(reader, flights, (count) => {
      read = count;
    });
    const feeding = feed(client.producer(), topic, flights, acks);
    const killing = acks.reached(Math.floor(total / 2)).then(() => killLeader(client, cluster, topic, progress));
    const [followed] = await Promise.all([following, feeding, killing]);
    await progress.end();
    await terminal.out(verdict(followed, flights, acks));
    if (followed.fault !== undefined) throw new CommandError(`the reader did not get what was sent: ${followed.fault}`);
  } finally {
    await progress.end();
    reader.close();
  }
}

/** Sends all flights, some of them at once, and then the end. */
async function feed(
  producer: Producer,
  topic: string,
  flights: readonly FlightRecord[],
  acks: AckTimes,
): Promise<void> {
  for (let at = 0; at < flights.length; at += 1) {
    // Whoever is refused ends the feeding: awaited by the next turn, or at the end.
    acks.expect(producer.send({ topic, ...(flights[at] as FlightRecord) }));
    await acks.untilUnacknowledgedBelow(WINDOW);
  }
  await acks.untilUnacknowledgedBelow(1);
  await producer.send({ topic, key: END, value: null });
  await producer.close();
}

async function killLeader(client: Client, cluster: DemoCluster, topic: string, progress: Progress): Promise<void> {
  const leader = (await partitionOf(client, topic)).leader;
  if (leader === null) throw new CommandError('the partition has no leader before anything was done to it');
  const pid = cluster.kill(leader);
  const startMs = performance.now();
  await progress.say(`Killed broker ${leader}, which led the partition (SIGKILL to process ${pid})`);
  while (performance.now() - startMs < NEW_LEADER_DEADLINE_MS) {
    const now = await partitionOf(client, topic);
    if (now.leader !== null && now.leader !== leader) {
      const tookMs = Math.round(performance.now() - startMs);
      const inSync = now.isr.join(' and ');
      await progress.say(
        `Broker ${now.leader} leads it now, after ${number(tookMs)} ms, in leader epoch ${now.leaderEpoch}; in sync: ${inSync}`,
      );
      return;
    }
    await pause(POLL_MS);
  }
  throw new CommandError(`no other broker led the partition within ${NEW_LEADER_DEADLINE_MS / 1000} s`);
}

async function partitionOf(client: Client, topic: string) {
  const [partition] = (await client.topics.describe(topic)).partitions;
  if (partition === undefined) throw new CommandError(`topic ${topic} is gone`);
  return partition;
}

function verdict(followed: Followed, sent: readonly FlightRecord[], acks: AckTimes): string {
  const { totalMs, longestPauseMs, count } = acks;
  const perSecond = Math.round(count / ((totalMs - longestPauseMs) / 1000));
  const what = followed.fault === undefined ? 'each of them once, and in order' : `but ${followed.fault}`;
  return [
    `${number(count)} flights acknowledged in ${(totalMs / 1000).toFixed(1)} s: ${number(perSecond)} per second, and one pause of ${number(Math.round(longestPauseMs))} ms`,
    `${number(followed.count)} flights read: ${what}`,
    `sha-256 of what was sent  ${hashOf(sent)}`,
    `sha-256 of what was read  ${followed.hash}`,
    '',
  ].join('\n');
}

const number = (value: number): string => value.toLocaleString('en-US');
