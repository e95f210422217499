import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { errorByCode } from '@barnabas/model';
import { ZERO_UUID } from '@barnabas/protocol';
import { Http2PeerClient, type PeerResponse } from '@barnabas/transport';

const DEADLINE_MS = 30_000;
const PRODUCE_VERSION = 11;
const METADATA_VERSION = 12;
const CREATE_TOPICS_VERSION = 7;
const ALL = -1;

type Address = { readonly id: number; readonly peersPort: number };

/** Batches of one topic, one for each partition. */
export type Write = { readonly partition: number; readonly bytes: Buffer };

/** What became of one of them. */
export type Written = {
  readonly partition: number;
  readonly error: string;
  /** -1 where it was not said. */
  readonly leader: number;
};

/** Speaks Kafka's messages with each broker, over the stream that its peers use. Ends with `close`. */
export class Driver {
  readonly #clients: ReadonlyMap<number, Http2PeerClient>;

  constructor(brokers: readonly Address[]) {
    this.#clients = new Map(brokers.map(({ id, peersPort }) => [id, clientOf(peersPort)]));
  }

  /** Of acks=all. @throws Error for whatever is not acknowledged */
  async produce(broker: number, topic: string, write: Write): Promise<void> {
    const [written] = await this.write(broker, topic, [write]);
    if (written?.error !== 'NONE') throw new Error(`${topic}-${write.partition}: ${written?.error}`);
  }

  /** Of acks=all, in one request. @throws PeerError */
  async write(broker: number, topic: string, writes: readonly Write[], timeoutMs = DEADLINE_MS): Promise<Written[]> {
    const partitionData = writes.map(({ partition, bytes }) => ({ index: partition, records: bytes }));
    const request = { acks: ALL, timeoutMs, topicData: [{ name: topic, partitionData }] };
    const { responses } = await this.#client(broker).send('Produce', PRODUCE_VERSION, request, {
      deadlineMs: 2 * timeoutMs,
    });
    return (responses[0]?.partitionResponses ?? []).map(({ index, errorCode, currentLeader }) => ({
      partition: index,
      error: errorByCode(errorCode).name,
      leader: currentLeader.leaderId,
    }));
  }

  /** The leader of each partition, as `broker` knows it; -1 where there is none. */
  async leaders(topic: string, broker: number): Promise<Map<number, number>> {
    const { topics } = await this.#metadata(broker, [topic]);
    return new Map(topics[0]?.partitions.map(({ partitionIndex, leaderId }) => [partitionIndex, leaderId]));
  }

  /** As `broker` knows it. */
  async controller(broker: number): Promise<number> {
    return (await this.#metadata(broker, [])).controllerId;
  }

  /** With the replicas of each partition given, the preferred leader first. */
  async createTopic(controller: number, name: string, replicas: readonly (readonly number[])[]): Promise<void> {
    const assignments = replicas.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds: [...brokerIds] }));
    const topics = [{ name, numPartitions: -1, replicationFactor: -1, assignments, configs: [] }];
    const request = { topics, timeoutMs: DEADLINE_MS };
    const answer = await this.#client(controller).send('CreateTopics', CREATE_TOPICS_VERSION, request, {
      deadlineMs: 2 * DEADLINE_MS,
    });
    for (const { errorCode, errorMessage } of answer.topics) {
      if (errorCode !== 0) throw new Error(`creating ${name}: ${errorByCode(errorCode).name}, ${errorMessage}`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  #metadata(broker: number, topics: readonly string[]): Promise<PeerResponse<'Metadata'>> {
    const request = { topics: topics.map((name) => ({ topicId: ZERO_UUID, name })), allowAutoTopicCreation: false };
    return this.#client(broker).send('Metadata', METADATA_VERSION, request, { deadlineMs: DEADLINE_MS });
  }

  #client(broker: number): Http2PeerClient {
    const client = this.#clients.get(broker);
    if (client === undefined) throw new Error(`there is no broker ${broker}`);
    return client;
  }
}

const clientOf = (port: number): Http2PeerClient =>
  new Http2PeerClient({
    host: '127.0.0.1',
    port,
    clientId: 'bench',
    clock: systemClock,
    scheduler: systemScheduler,
    random: systemRandom,
  });
