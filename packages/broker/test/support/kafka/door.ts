import type { PeerContext, PeerHandlers } from '@barnabas/transport';
import { ConnectionQuota } from '../../../src/kafka/connection-quota.ts';
import { KAFKA_LIMITS, type KafkaLimits } from '../../../src/kafka/kafka-limits.ts';
import { KafkaServer, type KafkaServerOptions } from '../../../src/kafka/kafka-server.ts';
import { REAL } from '../node/real-time.ts';
import { recordingLog } from '../recording-log.ts';
import { RawClient } from './raw-client.ts';

type DoorOptions = {
  readonly handlers?: PeerHandlers;
  readonly limits?: Partial<KafkaLimits>;
  readonly quota?: ConnectionQuota;
  readonly tls?: KafkaServerOptions['tls'];
};

export const UNLIMITED = { all: 1e9, perAddress: 1e9, overrides: new Map<string, number>() };

/** A door on a port of its own, with handlers of the test, on real sockets and real time. */
export class Door {
  readonly log = recordingLog();
  readonly #clients: RawClient[] = [];
  #server: KafkaServer | undefined;

  static async open({ handlers = {}, limits, quota, tls }: DoorOptions = {}): Promise<Door> {
    const door = new Door();
    door.#server = await KafkaServer.start({
      ...REAL,
      listener: 'CLIENTS',
      host: '127.0.0.1',
      port: 0,
      handlers,
      limits: { ...KAFKA_LIMITS, requestBytes: 1e6, idleMs: 60_000, backlog: 50, ...limits },
      quota: quota ?? new ConnectionQuota(UNLIMITED),
      logger: door.log,
      ...(tls && { tls }),
    });
    return door;
  }

  get port(): number {
    return this.server.port;
  }

  get server(): KafkaServer {
    if (this.#server === undefined) throw new Error('the door is not open');
    return this.#server;
  }

  async client(allowHalfOpen = false): Promise<RawClient> {
    const client = await RawClient.connect({ port: this.port }, allowHalfOpen);
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.server.close();
  }
}

/** A handler whose answers the test gives, in an order of its own. */
export class HeldHandler<Request, Response> {
  readonly requests: Request[] = [];
  readonly contexts: PeerContext[] = [];
  readonly #answers: ((response: Response) => void)[] = [];
  readonly #arrivals: { readonly count: number; readonly tell: () => void }[] = [];

  readonly handle = (request: Request, context: PeerContext): Promise<Response> => {
    this.requests.push(request);
    this.contexts.push(context);
    const answer = new Promise<Response>((resolve) => {
      this.#answers.push(resolve);
    });
    for (const { count, tell } of this.#arrivals) if (count <= this.requests.length) tell();
    return answer;
  };

  answer(index: number, response: Response): void {
    const answer = this.#answers[index];
    if (answer === undefined) throw new Error(`there is no request ${index}`);
    answer(response);
  }

  /** Resolves when as many requests have come. */
  async arrived(count: number): Promise<void> {
    if (this.requests.length >= count) return;
    await new Promise<void>((resolve) => {
      this.#arrivals.push({ count, tell: resolve });
    });
  }
}
