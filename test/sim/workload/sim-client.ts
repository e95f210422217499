import { type ErrorName, errorByCode } from '@barnabas/model';
import { type ApiName, ZERO_UUID } from '@barnabas/protocol';
import { type SimulatedPeerHost, SimulatedProcess } from '@barnabas/testkit';
import type { PeerClient, PeerRequest, PeerResponse } from '@barnabas/transport';
import { between } from '../kernel/chances.ts';
import { hostOf } from '../world/broker-properties.ts';
import type { World } from '../world/world.ts';

const MACHINES = [1, 2, 3];
const METADATA_VERSION = 12;

type Leader = { readonly id: number; readonly epoch: number };

/** A program that talks to the brokers through the network: knows the cluster by what they tell it, and asks again. */
export class SimClient {
  readonly world: World;
  readonly random;
  readonly #host: SimulatedPeerHost;
  readonly #peers = new Map<number, PeerClient>();
  readonly #leaders = new Map<string, Leader>();
  #controller: number | undefined;
  #isStopped = false;

  constructor(name: string, world: World) {
    this.world = world;
    this.random = world.chances(name);
    this.#host = world.network.newHost(name, new SimulatedProcess(world.scheduler));
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Nothing new is begun. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Runs something on the side; what goes wrong in it ends the run. */
  run(task: () => Promise<void>): void {
    task().catch((error: unknown) => this.world.fail(error));
  }

  sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#host.process.after(durationMs, resolve);
    });
  }

  /** @throws PeerError */
  send<Name extends ApiName>(
    broker: number,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
  ): Promise<PeerResponse<Name>> {
    const known = this.#peers.get(broker);
    const peer = known ?? this.#host.connect(hostOf(broker), 'client');
    if (known === undefined) this.#peers.set(broker, peer);
    return peer.send(api, version, request, { deadlineMs: 2 * this.world.options.requestTimeoutMs });
  }

  leaderOf(topic: string, partition: number): Leader | undefined {
    return this.#leaders.get(`${topic}/${partition}`);
  }

  get controller(): number | undefined {
    return this.#controller;
  }

  forgetLeader(topic: string, partition: number): void {
    this.#leaders.delete(`${topic}/${partition}`);
  }

  /** Asks some broker about the cluster. False where it did not answer. */
  async refresh(topics: readonly string[]): Promise<boolean> {
    const broker = MACHINES[this.random.below(MACHINES.length)] ?? 1;
    const request = { topics: topics.map((name) => ({ name, topicId: ZERO_UUID })), allowAutoTopicCreation: false };
    const response = await this.send(broker, 'Metadata', METADATA_VERSION, request).catch(() => undefined);
    if (response === undefined) return false;
    this.#controller = response.controllerId < 0 ? undefined : response.controllerId;
    for (const { name, partitions } of response.topics) {
      for (const { partitionIndex, leaderId, leaderEpoch } of partitions) {
        const key = `${name}/${partitionIndex}`;
        const known = this.#leaders.get(key);
        // A broker that is behind knows less than we do.
        if (leaderId >= 0 && (known === undefined || leaderEpoch >= known.epoch)) {
          this.#leaders.set(key, { id: leaderId, epoch: leaderEpoch });
        }
      }
    }
    return true;
  }

  /** Who leads, asked for until somebody knows; undefined when stopped. */
  async findLeader(topic: string, partition: number): Promise<Leader | undefined> {
    while (!this.#isStopped) {
      const known = this.leaderOf(topic, partition);
      if (known !== undefined) return known;
      await this.refresh([topic]);
      if (this.leaderOf(topic, partition) === undefined) await this.sleep(between(this.random, 20, 300));
    }
    return undefined;
  }
}

export const nameOfError = (code: number): ErrorName => errorByCode(code).name;
