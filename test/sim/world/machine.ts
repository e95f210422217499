import { Broker, type Logger, NO_METRICS } from '@barnabas/broker';
import type { FileSystem } from '@barnabas/storage';
import {
  type OperationName,
  SimulatedDisk,
  type SimulatedFileSystem,
  type SimulatedHost,
  type SimulatedPeerHost,
  type SimulatedProcess,
} from '@barnabas/testkit';
import { BrokerIdInUseError, ZooKeeperError } from '@barnabas/zookeeper';
import { between } from '../kernel/chances.ts';
import { brokerConfigOf, hostOf, logDirOf, PEER_PORT } from './broker-properties.ts';
import type { World } from './world.ts';

/** One process of a broker, from its start to its end. */
export type Life = {
  readonly machine: Machine;
  readonly number: number;
  readonly process: SimulatedProcess;
  readonly session: SimulatedHost;
  readonly peers: SimulatedPeerHost;
  readonly fs: SimulatedFileSystem;
  /** undefined until it serves. */
  broker: Broker | undefined;
  isStopping: boolean;
};

/** A machine with a disk, on which one broker runs at a time. */
export class Machine {
  readonly id: number;
  disk: SimulatedDisk;
  readonly #world: World;
  readonly #onEnd: (machine: Machine, how: { readonly losesPower: boolean }) => void;
  readonly #byFs: WeakMap<object, Life>;
  #stalls: (() => void)[] = [];
  #life: Life | undefined;
  #lives = 0;

  /**
   * @param byFs where each life is noted by its file system
   * @param onEnd called when a process has ended, whoever ended it, and when the power goes where none runs
   */
  constructor(
    id: number,
    world: World,
    byFs: WeakMap<object, Life>,
    onEnd: (machine: Machine, how: { readonly losesPower: boolean }) => void,
  ) {
    this.id = id;
    this.#world = world;
    this.#byFs = byFs;
    this.#onEnd = onEnd;
    this.disk = this.#newDisk();
  }

  get life(): Life | undefined {
    return this.#life;
  }

  start(): void {
    if (this.#life !== undefined) return;
    const { zookeeper, network, trace } = this.#world;
    const session = zookeeper.newHost();
    const { process } = session;
    const life: Life = {
      machine: this,
      number: ++this.#lives,
      process,
      session,
      peers: network.newHost(hostOf(this.id), process),
      fs: this.disk.newProcess(process),
      broker: undefined,
      isStopping: false,
    };
    this.#life = life;
    const seen = this.#world.wrapFs(life.fs);
    this.#byFs.set(seen, life);
    trace.note(`${hostOf(this.id)} starts for the ${life.number}. time`);
    void this.#run(life, seen);
  }

  /** As by SIGKILL: what it had written to the page cache stays. */
  kill(): void {
    this.#end('is killed', false, (life) => life.fs.kill());
  }

  losePower(): void {
    if (this.#life !== undefined) {
      this.#end('loses power', true, () => this.disk.crash());
      return;
    }
    this.#world.trace.note(`${hostOf(this.id)} loses power, and was down`);
    this.disk.crash();
    this.#onEnd(this, { losesPower: true });
  }

  /** In order, with what it leads handed over. Where that takes too long the process is killed. */
  shutDown(patienceMs: number): void {
    const life = this.#life;
    if (life?.broker === undefined || life.isStopping) return;
    life.isStopping = true;
    this.#world.trace.note(`${hostOf(this.id)} is told to stop`);
    life.broker.close().then(
      () => this.#endOf(life, 'has stopped'),
      (error: unknown) => this.#world.fail(error),
    );
    this.#world.scheduler.after(patienceMs, () => {
      if (this.#life !== life) return;
      this.#world.reached.note('killed while it stopped');
      this.kill();
    });
  }

  /** An empty disk. Nothing runs on the machine. */
  replaceDisk(): void {
    this.#world.trace.note(`${hostOf(this.id)} gets an empty disk`);
    this.disk = this.#newDisk();
  }

  /** @returns lets the operations go on */
  stallDisk(operation: OperationName): () => void {
    const lift = this.disk.faults.stall(operation, /./);
    this.#stalls.push(lift);
    return lift;
  }

  endStalls(): void {
    for (const lift of this.#stalls.splice(0)) lift();
  }

  #endOf(life: Life, how: string): void {
    if (this.#life === life) this.#end(how, false, () => life.fs.kill());
  }

  #end(how: string, losesPower: boolean, act: (life: Life) => void): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#world.trace.note(`${hostOf(this.id)} ${how}`);
    this.#world.network.kill(life.peers);
    life.session.cut();
    act(life);
    this.#life = undefined;
    this.#onEnd(this, { losesPower });
  }

  async #run(life: Life, fs: FileSystem): Promise<void> {
    const { clock, options, trace } = this.#world;
    const { process, session, peers } = life;
    try {
      life.broker = await Broker.start(brokerConfigOf(this.id, options), {
        clock,
        scheduler: process,
        random: this.#world.chances(`broker ${this.id} life ${life.number}`),
        fs,
        logger: this.#loggerOf(life),
        metrics: NO_METRICS,
        zookeeper: session.links,
        connectPeer: ({ host }, clientId) => peers.connect(host, clientId),
        servePeers: async (_, handlers) => {
          const stop = peers.listen(handlers);
          return { port: PEER_PORT, close: async () => stop() };
        },
        onUncaught: (error) => this.#world.fail(error),
      });
      trace.note(`${hostOf(this.id)} serves`);
      this.#world.fail(await life.broker.failed);
    } catch (error) {
      // A process that cannot start says so, and is started again.
      if (!(error instanceof ZooKeeperError || error instanceof BrokerIdInUseError)) this.#world.fail(error);
      this.#world.reached.note('start failed');
      this.#endOf(life, `cannot start: ${error}`);
      this.#world.scheduler.after(1000, () => this.start());
    }
  }

  #loggerOf(life: Life): Logger {
    const { trace } = this.#world;
    const log =
      (level: string) =>
      (fields: object, message: string): void => {
        const about = JSON.stringify(fields, (_, value) => {
          if (typeof value === 'bigint') return value.toString();
          return value instanceof Error ? `${value.name}: ${value.message}` : value;
        });
        trace.note(`${hostOf(this.id)}.${life.number} ${level}: ${message} ${about}`);
        if (level === 'error') this.#world.reached.note(`logged: ${message}`);
      };
    return { debug: () => {}, info: log('info'), warn: log('warn'), error: log('error') };
  }

  #newDisk(): SimulatedDisk {
    const { clock, scheduler, trace, options } = this.#world;
    const random = this.#world.chances(`disk ${this.id}`);
    const { min, max } = options.diskLatencyMs;
    const disk = new SimulatedDisk(random, clock, {
      later: (turn) => void scheduler.after(between(random, min, max), turn),
      onDone: ({ name, path }) => trace.note(`${name} ${path}`),
    });
    disk.faults.shortWriteChance = options.shortWriteChance;
    disk.faults.writeBackChance = options.writeBackChance;
    disk.plantDirectory(logDirOf(this.id).split('/').slice(0, -1).join('/'));
    return disk;
  }
}
