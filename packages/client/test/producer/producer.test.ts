import { describe, expect, it } from 'vitest';
import type { ClientError } from '../../src/client-error.ts';
import { partitionForKey } from '../../src/producer/partitioner.ts';
import type { RecordMetadata } from '../../src/producer/producer-record.ts';
import { SimulatedClient } from '../support/simulated-client.ts';
import type { Fate, FateOf } from '../support/simulated-cluster.ts';

const topic = 'orders';
const isAppend = ({ path }: { path: string }) => path.includes('/records');

/** The fates of the first appends; those that follow are done. */
const appendsMeet = (...fates: Fate[]): FateOf => {
  return (request) => (isAppend(request) ? (fates.shift() ?? { type: 'done' }) : { type: 'done' });
};

const valuesIn = ({ cluster }: SimulatedClient, partition = 0) =>
  cluster.logs[partition]?.records.map(({ value }) => value) ?? [];

const sendAll = (run: SimulatedClient, values: string[]): Promise<RecordMetadata>[] => {
  const producer = run.client.producer();
  return values.map((value) => producer.send({ topic, value }));
};

const rejectionOf = async (run: SimulatedClient, sent: Promise<unknown>): Promise<ClientError> => {
  const outcome = await run.outcomeOf(sent, 300_000);
  if (outcome?.status !== 'rejected') throw new Error('it did not fail');
  return outcome.reason;
};

describe('Producer', () => {
  it('answers where each record went', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    const sent = [1, 2].map((at) => producer.send({ topic, value: `${at}`, timestamp: at }));
    expect(await run.valueOf(Promise.all(sent))).toEqual([
      { partition: 0, offset: 0, timestamp: 1 },
      { partition: 0, offset: 1, timestamp: 2 },
    ]);
  });

  it('sends what is added in one turn, and while a batch is under way, as one batch', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    const first = Promise.all(['a', 'b'].map((value) => producer.send({ topic, value })));
    await run.scheduler.advanceBy(2.5);
    const second = Promise.all(['c', 'd', 'e'].map((value) => producer.send({ topic, value })));
    await run.valueOf(Promise.all([first, second]));
    const bodies = run.cluster.requests.filter(isAppend).map(({ body }) => String(body).split('\n').length);
    expect(bodies).toEqual([2, 3]);
    expect(valuesIn(run)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('waits for company as long as it is told, or until it is told to hurry', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer({ lingerMs: 500 });
    const first = producer.send({ topic, value: 'a' });
    await run.scheduler.advanceBy(300);
    const second = producer.send({ topic, value: 'b' });
    await run.scheduler.advanceBy(100);
    expect(valuesIn(run)).toEqual([]);
    await run.scheduler.advanceBy(150);
    expect(valuesIn(run)).toEqual(['a', 'b']);
    const third = producer.send({ topic, value: 'c' });
    await run.scheduler.advanceBy(10);
    const flushed = producer.flush();
    await run.scheduler.advanceBy(10);
    await Promise.all([first, second, third, flushed]);
    expect(valuesIn(run)).toEqual(['a', 'b', 'c']);
  });

  it('does not wait where a batch is full', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer({ lingerMs: 5000, maxBatchRecords: 2 });
    const sent = ['a', 'b'].map((value) => producer.send({ topic, value }));
    await run.scheduler.advanceBy(100);
    expect(await Promise.all(sent)).toHaveLength(2);
  });

  it('chooses partitions by key as Kafka does, and where it is told', async () => {
    const run = new SimulatedClient({ partitions: 4 });
    const producer = run.client.producer();
    const [byKey, told] = await run.valueOf(
      Promise.all([
        producer.send({ topic, key: 'customer-7', value: 'a' }),
        producer.send({ topic, key: 'customer-7', value: 'b', partition: 2 }),
      ]),
    );
    expect(byKey?.partition).toBe(partitionForKey(Buffer.from('customer-7'), 4));
    expect(told?.partition).toBe(2);
  });

  it.each([
    ['never arrived', { type: 'lost' }],
    ['was appended, and the answer was lost', { type: 'unanswered' }],
    ['could not be sent', { type: 'unreachable' }],
    ['met a partition without enough replicas', { type: 'error', error: 'NOT_ENOUGH_REPLICAS' }],
    ['was appended too late', { type: 'late', afterMs: 10_500 }],
  ] as const)('has a record once when its first request %s', async (_, fate) => {
    const run = new SimulatedClient();
    run.cluster.fateOf = appendsMeet(fate);
    const metadata = await run.valueOf(Promise.all(sendAll(run, ['a', 'b'])));
    await run.scheduler.advanceBy(60_000);
    expect(metadata.map(({ offset }) => offset)).toEqual([0, 1]);
    expect(valuesIn(run)).toEqual(['a', 'b']);
  });

  it('asks the other servers before it waits', async () => {
    const run = new SimulatedClient();
    run.cluster.fateOf = appendsMeet({ type: 'unreachable' }, { type: 'unreachable' });
    await run.valueOf(Promise.all(sendAll(run, ['a'])), 100);
    expect(run.cluster.requests.filter(isAppend).map(({ server }) => server)).toEqual([
      'http://a',
      'http://b',
      'http://c',
    ]);
  });

  it('gives up when time is up, and says that it is not known where that is so', async () => {
    const run = new SimulatedClient();
    run.cluster.fateOf = appendsMeet({ type: 'unanswered' }, ...Array.from({ length: 5000 }, () => UNAVAILABLE));
    const error = await rejectionOf(run, sendAll(run, ['a'])[0] ?? Promise.resolve());
    expect(error).toMatchObject({ error: 'NOT_ENOUGH_REPLICAS', outcome: 'unknown' });
    expect(run.clock.steadyMs()).toBeGreaterThan(115_000);
    expect(run.clock.steadyMs()).toBeLessThan(125_000);
  });

  it('says that it was refused where nothing else can be', async () => {
    const run = new SimulatedClient();
    run.cluster.fateOf = appendsMeet({ type: 'error', error: 'INVALID_RECORD' });
    const [first = Promise.resolve()] = sendAll(run, ['a']);
    expect(await rejectionOf(run, first)).toMatchObject({ error: 'INVALID_RECORD', outcome: 'refused', status: 422 });
  });

  it('keeps what it gave up from landing after what followed', async () => {
    const run = new SimulatedClient();
    run.cluster.fateOf = appendsMeet({ type: 'late', afterMs: 20_000 });
    const producer = run.client.producer({ deliveryTimeoutMs: 5000 });
    const lost = producer.send({ topic, value: 'lost' });
    expect(await rejectionOf(run, lost)).toMatchObject({ outcome: 'unknown' });
    await run.valueOf(producer.send({ topic, value: 'next' }));
    await run.scheduler.advanceBy(60_000);
    expect(valuesIn(run)).toEqual(['next']);
  });

  it('goes on where the partition has forgotten the producer', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    await run.valueOf(producer.send({ topic, value: 'a' }));
    run.cluster.logs[0]?.forgetProducers();
    run.cluster.fateOf = appendsMeet({ type: 'error', error: 'UNKNOWN_PRODUCER_ID' });
    await run.valueOf(producer.send({ topic, value: 'b' }));
    expect(valuesIn(run)).toEqual(['a', 'b']);
  });

  it('takes another id where somebody else has its own', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    await run.valueOf(producer.send({ topic, value: 'a' }));
    run.cluster.logs[0]?.append({ producerId: 0, epoch: 9, sequence: 0 }, [{ value: 'alien', timestamp: 0 }]);
    await run.valueOf(producer.send({ topic, value: 'b' }));
    expect(valuesIn(run)).toEqual(['a', 'alien', 'b']);
  });

  it('fails a batch that does not follow on an acknowledged one, and those after it not', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    await run.valueOf(producer.send({ topic, value: 'a' }));
    run.cluster.fateOf = appendsMeet({ type: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' });
    const error = await rejectionOf(run, producer.send({ topic, value: 'b' }));
    expect(error).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER', outcome: 'refused' });
    await run.valueOf(producer.send({ topic, value: 'c' }));
    expect(valuesIn(run)).toEqual(['a', 'c']);
  });

  it('cuts a batch that is larger than the topic takes', async () => {
    const run = new SimulatedClient();
    run.cluster.fateOf = ({ path, body }) => {
      const isLarge = isAppend({ path }) && String(body).split('\n').length > 2;
      return isLarge ? { type: 'error', error: 'MESSAGE_TOO_LARGE' } : { type: 'done' };
    };
    await run.valueOf(Promise.all(sendAll(run, ['a', 'b', 'c', 'd', 'e'])));
    expect(valuesIn(run)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('answers soon that there is no such topic', async () => {
    const run = new SimulatedClient();
    const error = await rejectionOf(run, run.client.producer().send({ topic: 'missing', value: '' }));
    expect(error).toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION', outcome: 'refused' });
    expect(run.clock.steadyMs()).toBeLessThan(7000);
  });

  it('takes nothing more when it is closed, and finishes what it has', async () => {
    const run = new SimulatedClient();
    const producer = run.client.producer();
    const sent = producer.send({ topic, value: 'a' });
    const closed = producer.close();
    expect(await rejectionOf(run, producer.send({ topic, value: 'b' }))).toMatchObject({ outcome: 'refused' });
    await run.valueOf(closed);
    await sent;
    expect(valuesIn(run)).toEqual(['a']);
  });

  it('tells what is known of all that is under way when the client is closed', async () => {
    const run = new SimulatedClient({ partitions: 2 });
    run.cluster.fateOf = appendsMeet({ type: 'late', afterMs: 1 });
    const producer = run.client.producer();
    const underWay = producer.send({ topic, value: 'a', partition: 0 });
    await run.scheduler.advanceBy(5);
    const waiting = producer.send({ topic, value: 'b', partition: 0 });
    const outcomes = Promise.allSettled([underWay, waiting]);
    await run.client.close();
    await run.scheduler.advanceBy(100);
    expect(await outcomes).toMatchObject([{ reason: { outcome: 'unknown' } }, { reason: { outcome: 'refused' } }]);
    expect(run.scheduler.pendingTimers).toBe(0);
  });
});

const UNAVAILABLE: Fate = { type: 'error', error: 'NOT_ENOUGH_REPLICAS' };
