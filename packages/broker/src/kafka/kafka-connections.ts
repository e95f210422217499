import type { Clock, Scheduler, Timer } from '@barnabas/model';
import type { KafkaConnection } from './kafka-connection.ts';

export type KafkaConnectionsOptions = {
  /** Negative: connections may be silent for ever. */
  readonly idleMs: number;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly scheduler: Scheduler;
};

const LOOKS_PER_IDLE_TIME = 4;
const MAX_LOOK_MS = 30_000;

/** The connections of one door; drops those on which nothing moves. Ends with `finish` and `close`. */
export class KafkaConnections {
  readonly #connections = new Set<KafkaConnection>();
  readonly #options: KafkaConnectionsOptions;
  readonly #look: Timer | undefined;

  constructor(options: KafkaConnectionsOptions) {
    const { idleMs, scheduler } = options;
    this.#options = options;
    if (idleMs < 0) return;
    const periodMs = Math.min(MAX_LOOK_MS, Math.max(1, Math.ceil(idleMs / LOOKS_PER_IDLE_TIME)));
    this.#look = scheduler.every(periodMs, () => this.#dropSilent());
  }

  add(connection: KafkaConnection): void {
    this.#connections.add(connection);
    void connection.ended.then(() => this.#connections.delete(connection));
  }

  /** Settles when all of them have answered what they were asked, and are gone. */
  async finish(): Promise<void> {
    const connections = [...this.#connections];
    for (const connection of connections) connection.finish();
    await Promise.all(connections.map(({ ended }) => ended));
  }

  dropAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  close(): void {
    this.#look?.cancel();
    this.dropAll();
  }

  #dropSilent(): void {
    const { clock, idleMs } = this.#options;
    const sinceMs = clock.steadyMs() - idleMs;
    for (const connection of this.#connections) {
      const { silentSinceMs } = connection;
      if (silentSinceMs !== undefined && silentSinceMs <= sinceMs) connection.destroy();
    }
  }
}
