import { readFile } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { BrokerStartError, type Logger, type RunningServer, startServer } from '@barnabas/broker';
import { startZooKeeperServer, type ZooKeeperServer } from '@barnabas/zookeeper';
import { CommandError } from '../command-error.ts';
import { growUnderLoad } from '../memory.ts';
import { runningProcess } from '../processes/process-file.ts';
import { type StopSignal, stopSignal } from '../stop-signal.ts';
import { systemClock, systemRandom, systemScheduler } from '../system.ts';
import type { Terminal } from '../terminal.ts';
import { brokerProperties } from './broker-properties.ts';
import { brokerIds, type ClusterSettings, HOST, restUrl, zookeeperDir, zookeeperPort } from './cluster-settings.ts';
import { type LogLevel, lineLogger } from './line-logger.ts';
import { membersOf, SERVER_PROPERTIES } from './member.ts';
import { untilReady } from './readiness.ts';
import { stopOrder } from './stop-order.ts';
import { refuseTakenPorts } from './taken-ports.ts';
import { TICK_TIME_MS } from './timing.ts';
import { welcome } from './welcome.ts';

const PORTS = { clock: systemClock, scheduler: systemScheduler, random: systemRandom };

type Environment = NodeJS.ProcessEnv;

/**
 * Runs a whole cluster in this process until SIGINT or SIGTERM, then stops it cleanly: the brokers, then ZooKeeper.
 *
 * Where it is asked to stop before all of it serves, it stops what serves and calls off the rest; `leave` then ends the
 * process, which something that hangs may otherwise keep.
 *
 * @throws CommandError where it cannot start, or with the reason where a part fails later
 */
export async function dev(
  settings: ClusterSettings,
  logLevel: LogLevel,
  environment: Environment,
  terminal: Terminal,
  leave: () => void,
): Promise<void> {
  await refuseRunning(settings, environment);
  const stop = stopSignal();
  let isStopping = false;
  // A cluster that is taken apart misses those that have gone, which is nothing to be warned of.
  const least = (): LogLevel => (isStopping && logLevel === 'warn' ? 'error' : logLevel);
  const cluster = new DevCluster(settings, environment, (server) => lineLogger(terminal, server, least));
  try {
    const started = cluster.start();
    void stop.asked.then(() => {
      isStopping = true;
    });
    const first = await Promise.race([stop.asked, started.then(() => 'started' as const)]);
    if (first === 'started') await serve(settings, cluster, stop.asked, terminal);
    else {
      cluster.callOff();
      await started.catch(() => {});
    }
    await cluster.close();
    if (first !== 'started') leave();
  } catch (error) {
    await cluster.close();
    throw error instanceof BrokerStartError ? new CommandError(error.message, { cause: error }) : error;
  } finally {
    stop.release();
  }
}

async function serve(
  settings: ClusterSettings,
  cluster: DevCluster,
  asked: StopSignal['asked'],
  terminal: Terminal,
): Promise<void> {
  await terminal.out(`${welcome(settings)}\nReady in ${Math.round(performance.now())} ms; Ctrl-C ends it.\n`);
  growUnderLoad();
  // Node does so when a program ends, and this one may be killed.
  flushCompileCache();
  const ending = await Promise.race([asked, cluster.failed]);
  if (ending instanceof Error) throw new CommandError(ending.message, { cause: ending });
}

/** @throws CommandError where `up` runs the same cluster, or somebody has one of the ports */
async function refuseRunning(settings: ClusterSettings, environment: Environment): Promise<void> {
  const members = membersOf(settings, environment);
  for (const { name, directory } of members) {
    const running = runningProcess(directory);
    if (running === undefined) continue;
    throw new CommandError(
      `${name} runs from ${settings.dataDir} already (process ${running.pid}): \`barnabas down\` ends it`,
    );
  }
  await refuseTakenPorts(members.flatMap(({ ports }) => ports));
}

/** The servers of a cluster, in one process. `start` is called once; `close` stops whatever has been started. */
class DevCluster {
  readonly #settings: ClusterSettings;
  readonly #environment: Environment;
  readonly #loggerOf: (server: string) => Logger;
  readonly #calledOff = new AbortController();
  readonly #brokers: RunningServer[] = [];
  #zookeeper: ZooKeeperServer | undefined;

  constructor(settings: ClusterSettings, environment: Environment, loggerOf: (server: string) => Logger) {
    this.#settings = settings;
    this.#environment = environment;
    this.#loggerOf = loggerOf;
  }

  /** Resolves when all brokers are ready. */
  async start(): Promise<void> {
    const { zookeeperConnect } = this.#settings;
    if (zookeeperConnect === undefined) this.#zookeeper = await this.#startZooKeeper();
    const text = await readFile(SERVER_PROPERTIES, 'latin1');
    const ids = brokerIds(this.#settings);
    // All of them, so that none is still about to serve when one has failed.
    const started = await Promise.allSettled(ids.map((id) => this.#startBroker(id, text)));
    for (const outcome of started) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /** Resolves with the reason when a part has failed. */
  get failed(): Promise<Error> {
    const parts = [this.#zookeeper, ...this.#brokers].filter((part) => part !== undefined);
    return Promise.race(parts.map(({ failed }) => failed));
  }

  /** What is about to start does not. */
  callOff(): void {
    this.#calledOff.abort();
  }

  async close(): Promise<void> {
    this.callOff();
    const brokers = this.#brokers.map((broker) => ({ broker, id: broker.brokerId, url: this.#url(broker.brokerId) }));
    for (const { broker } of await stopOrder(brokers)) await broker.close();
    await this.#zookeeper?.close();
  }

  #url(id: number): string {
    return restUrl(this.#settings, id);
  }

  #startZooKeeper(): Promise<ZooKeeperServer> {
    return startZooKeeperServer({
      dataDir: join(zookeeperDir(this.#settings), 'data'),
      host: HOST,
      port: zookeeperPort(this.#settings),
      tickTimeMs: TICK_TIME_MS,
      logger: this.#loggerOf('ZooKeeper'),
      ...PORTS,
    });
  }

  async #startBroker(id: number, text: string): Promise<void> {
    const properties = {
      file: { path: SERVER_PROPERTIES, text },
      environment: this.#environment,
      overrides: brokerProperties(this.#settings, id, this.#environment),
    };
    const logger = this.#loggerOf(`broker ${id}`);
    const { signal } = this.#calledOff;
    try {
      this.#brokers.push(await startServer({ properties, logger, signal, ...PORTS }));
      await untilReady(this.#url(id), signal, () => {});
    } catch (error) {
      // The others need not come up.
      this.callOff();
      throw error;
    }
  }
}
