import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { brokerDir, brokerIds, type ClusterSettings, restUrl } from '../local-cluster/cluster-settings.ts';
import { down } from '../local-cluster/down.ts';
import { freeOffset } from '../local-cluster/free-offset.ts';
import { brokerMember, membersOf } from '../local-cluster/member.ts';
import { startMembers } from '../local-cluster/up.ts';
import { runningProcess } from '../processes/process-file.ts';
import { send } from '../processes/stop-process.ts';
import type { Terminal } from '../terminal.ts';

/** A cluster of which a broker may be killed. */
export type DemoCluster = {
  readonly what: string;
  readonly urls: readonly string[];
  /** Kills the process of a broker, without a word of warning, and says which it was. */
  readonly kill: (id: number) => number;
  /** Its files go away with it. */
  readonly isOwn: boolean;
  /** Starts again what was killed. */
  readonly repair: () => Promise<void>;
  /** Leaves things as they were found. */
  readonly end: () => Promise<void>;
};

/** A partition has to have another replica in sync when its leader is killed, and one more to write to. */
const FEWEST_BROKERS = 3;
const QUIET: Terminal = { out: () => {}, err: () => {} };

/**
 * The cluster that runs from the data directory, or, where none does, one of its own on free ports, whose files go away
 * with it.
 */
export async function demoCluster(settings: ClusterSettings, environment: NodeJS.ProcessEnv): Promise<DemoCluster> {
  if (settings.brokers < FEWEST_BROKERS) throw new CommandError(`the demo needs ${FEWEST_BROKERS} brokers at least`);
  const isRunning = membersOf(settings, environment).every(({ directory }) => runningProcess(directory) !== undefined);
  return isRunning ? runningCluster(settings, environment) : await ownCluster(settings, environment);
}

function runningCluster(settings: ClusterSettings, environment: NodeJS.ProcessEnv): DemoCluster {
  const killed: number[] = [];
  const kill = (id: number) => {
    killed.push(id);
    return killBroker(settings, id);
  };
  const repair = async () => {
    const members = killed.splice(0).map((id) => brokerMember(settings, id, environment));
    await startMembers(members, members, QUIET);
  };
  const what = `the cluster that runs from ${settings.dataDir}`;
  return { what, isOwn: false, urls: urlsOf(settings), kill, repair, end: repair };
}

async function ownCluster(settings: ClusterSettings, environment: NodeJS.ProcessEnv): Promise<DemoCluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'barnabas-demo-'));
  const own = { ...settings, dataDir, portOffset: await freeOffset(settings, environment) };
  const end = async () => {
    await down(dataDir, QUIET);
    await rm(dataDir, { recursive: true });
  };
  try {
    const members = membersOf(own, environment);
    await startMembers(members, members, QUIET);
  } catch (error) {
    await end();
    throw error;
  }
  const what = `a cluster of ${own.brokers} brokers of its own`;
  return { what, isOwn: true, urls: urlsOf(own), kill: (id) => killBroker(own, id), repair: async () => {}, end };
}

const urlsOf = (settings: ClusterSettings): string[] => brokerIds(settings).map((id) => restUrl(settings, id));

function killBroker(settings: ClusterSettings, id: number): number {
  const running = runningProcess(brokerDir(settings, id));
  if (running === undefined) throw new CommandError(`broker ${id} has ended by itself`);
  send(running, 'SIGKILL');
  return running.pid;
}
