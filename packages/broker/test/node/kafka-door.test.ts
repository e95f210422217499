import { ERRORS } from '@barnabas/model';
import { APIS, type ApiName, readRecords, ZERO_UUID } from '@barnabas/protocol';
import { decodeResponse, type PeerResponse } from '@barnabas/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVED_APIS } from '../../src/kafka/served-apis.ts';
import { batchOf } from '../support/batches.ts';
import { RawClient } from '../support/kafka/raw-client.ts';
import { answerTo, ask, until, valuesIn } from '../support/node/http.ts';
import { LocalEnsemble, type StartedServer } from '../support/node/local-ensemble.ts';

const LISTENERS = 'listeners=REST://127.0.0.1:0,PEERS://127.0.0.1:0,KAFKA://127.0.0.1:0';
const TOPIC = 'orders';

let ensemble: LocalEnsemble;
let one: StartedServer;
let client: RawClient;

const kafkaPort = (broker: StartedServer): number => broker.listeners.get('KAFKA')?.port ?? 0;

beforeAll(async () => {
  ensemble = await LocalEnsemble.start();
  const properties = (id: number) => [
    ...ensemble.properties(id),
    LISTENERS,
    'default.replication.factor=1',
    'num.partitions=2',
  ];
  one = await ensemble.startBroker([...properties(1), 'min.insync.replicas=1']);
  client = await RawClient.connect({ port: kafkaPort(one) });
});

afterAll(async () => {
  client.close();
  await ensemble.close();
});

/** One after the other: a topic is created, written to and read. */
describe("a broker's door for clients of Kafka's protocol", () => {
  it('answers ApiVersions with the table of what is served, all of it', async () => {
    const { errorCode, apiKeys } = await client.ask('ApiVersions', 0, {} as never);
    expect(errorCode).toBe(ERRORS.NONE.code);
    const names = Object.keys(SERVED_APIS) as ApiName[];
    const table = names.map((name) => {
      const { min: minVersion, max: maxVersion } = SERVED_APIS[name] ?? { min: -1, max: -1 };
      return { apiKey: APIS[name].key, minVersion, maxVersion };
    });
    expect(apiKeys).toEqual(table);
  });

  it('answers the addresses of that door, and is the first listener in the registration', async () => {
    const { brokers, controllerId } = await client.ask('Metadata', 12, { topics: null });
    expect(brokers).toMatchObject([{ nodeId: 1, host: '127.0.0.1', port: kafkaPort(one) }]);
    expect(controllerId).toBe(1);
    type Brokers = { readonly brokers: readonly { readonly listeners: readonly { readonly name: string }[] }[] };
    const known = await answerTo<Brokers>(one.url, 'GET', '/v1/brokers');
    expect(known.brokers[0]?.listeners.map(({ name }) => name)).toEqual(['KAFKA', 'REST', 'PEERS']);
  });

  it('creates a topic that Metadata asks for', async () => {
    await until('the topic is there', async () => {
      const { topics } = await client.ask('Metadata', 4, { topics: [{ name: TOPIC, topicId: ZERO_UUID }] });
      return topics[0]?.errorCode === ERRORS.NONE.code;
    });
  });

  it('takes records, which are the same through the other door', async () => {
    const partitionData = [{ index: 0, records: batchOf(3) }];
    const request = { acks: -1, timeoutMs: 5000, topicData: [{ name: TOPIC, partitionData }] };
    const { responses } = await client.ask('Produce', 9, request);
    expect(responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0n });
    expect(await valuesIn(one.url, TOPIC, 0)).toEqual(['v0', 'v1', 'v2']);
  });

  it('keeps the order of what is produced without waiting for answers', async () => {
    const count = 200;
    for (let at = 0; at < count; at++) {
      const records = batchOf(1, { records: [{ timestamp: 0, key: null, value: Buffer.from(`${at}`), headers: [] }] });
      const topicData = [{ name: TOPIC, partitionData: [{ index: 1, records }] }];
      client.send('Produce', 9, { acks: -1, timeoutMs: 5000, topicData });
    }
    const offsets: (bigint | undefined)[] = [];
    for (let at = 0; at < count; at++) {
      const { responses } = decodeResponse(APIS.Produce, 9, (await client.next()).frame) as PeerResponse<'Produce'>;
      offsets.push(responses[0]?.partitionResponses[0]?.baseOffset);
    }
    const inOrder = Array.from({ length: count }, (_, at) => at);
    expect(offsets).toEqual(inOrder.map(BigInt));
    expect(await valuesIn(one.url, TOPIC, 1)).toEqual(inOrder);
  });

  it('gives out what came through the other door', async () => {
    const path = `/v1/topics/${TOPIC}/partitions/0/records?acks=all`;
    expect((await ask(one.url, 'POST', path, 'by http')).status).toBeLessThan(300);
    const partitions = [{ partition: 0, fetchOffset: 3n, partitionMaxBytes: 1e6 }];
    const topics = [{ topic: TOPIC, topicId: ZERO_UUID, partitions }];
    const { responses } = await client.ask('Fetch', 12, { maxWaitMs: 5000, minBytes: 1, topics });
    const records = responses[0]?.partitions[0]?.records ?? Buffer.alloc(0);
    expect(readRecords(records).map(({ value }) => value?.toString())).toEqual(['"by http"']);
  });
});
