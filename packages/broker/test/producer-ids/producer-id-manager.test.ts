import { chance, type Direction, pick } from '@barnabas/testkit';
import { ANY_VERSION, type ZooKeeperSession } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { type IdBroker, MAX_WAIT_MS, ProducerIdContext } from './producer-id-context.ts';

/** What breaks with a connection: requests on their way, answers, or both. */
const LOST: readonly (readonly Direction[])[] = [['toServer'], ['toClient'], ['toServer', 'toClient']];

describe('ProducerIdManager', () => {
  it('gives out one id after the other, from blocks of a thousand', async () => {
    const { context, broker } = await begin();
    const ids = await takeMany(context, broker, 2001);
    expect(ids).toEqual(Array.from({ length: 2001 }, (_, id) => id));
  });

  it('never gives an id that another broker has', async () => {
    const { context, broker } = await begin();
    const other = await context.startBroker(2);
    const ids = [await take(context, broker), await take(context, other), await take(context, broker)];
    expect(ids).toEqual([0, 1000, 1]);
  });

  it('never gives an id that an earlier process of the same broker may have given', async () => {
    const { context, broker } = await begin();
    expect(await take(context, broker)).toBe(0);
    expect(await take(context, await context.startBroker(1))).toBe(1000);
  });

  it('lets all callers share one claim, and goes on to the next where they are more than it has ids for', async () => {
    const { context, broker } = await begin();
    const some = await context.run(Promise.all(Array.from({ length: 800 }, () => broker.ids.next())));
    expect([new Set(some).size, context.claims]).toEqual([800, 1]);
    const more = await context.run(Promise.all(Array.from({ length: 2500 }, () => broker.ids.next())));
    expect(new Set([...some, ...more]).size).toBe(3300);
    expect(context.claims).toBeLessThanOrEqual(5);
  });

  it('claims the next block when nine tenths of one are used, so that nobody waits for it', async () => {
    const { context, broker } = await begin();
    await takeMany(context, broker, 899);
    await context.scheduler.advanceBy(100);
    expect(context.claims).toBe(1);
    await takeMany(context, broker, 1);
    await context.scheduler.advanceBy(100);
    expect(context.claims).toBe(2);
    broker.session = undefined;
    expect(await takeMany(context, broker, 1000)).toHaveLength(1000);
    expect(broker.lines.filter((line) => line.startsWith('warn'))).not.toEqual([]);
  });
});

describe('without ZooKeeper', () => {
  it('there are no ids for who has no session, and there are again with the next', async () => {
    const { context, broker } = await begin();
    const { session } = broker;
    broker.session = undefined;
    await expect(broker.ids.next()).rejects.toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS' });
    broker.session = session;
    expect(await take(context, broker)).toBe(0);
  });

  it('there are none once the session is lost', async () => {
    const { context, broker } = await begin();
    await context.run((broker.session as ZooKeeperSession).close());
    await expect(broker.ids.next()).rejects.toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS' });
  });

  it('a caller waits only so long, and the block that comes late is for who comes later', async () => {
    const { context, broker } = await begin();
    context.zookeeper.process.pause();
    const asking = expect(broker.ids.next()).rejects.toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS' });
    await context.scheduler.advanceBy(MAX_WAIT_MS);
    await asking;
    context.zookeeper.process.resume();
    await context.scheduler.advanceBy(1000);
    expect(await take(context, broker)).toBe(0);
    expect(context.claims).toBe(1);
  });

  it('a claim that ends with its session is made again under the next', async () => {
    const { context, broker } = await begin();
    broker.host.hold();
    const asking = expect(broker.ids.next()).rejects.toMatchObject({ error: 'COORDINATOR_LOAD_IN_PROGRESS' });
    await context.scheduler.advanceBy(20_000);
    await asking;
    expect(broker.session?.state).toBe('LOST');
    broker.host.release();
    await context.connect(broker);
    expect(await take(context, broker)).toBeGreaterThanOrEqual(0);
  });

  it('the last block that cannot be read is an error of its own, and is left alone', async () => {
    const { context, broker } = await begin();
    const path = '/latest_producer_id_block';
    await context.run((broker.session as ZooKeeperSession).set(path, Buffer.from('{}'), ANY_VERSION));
    await expect(context.run(broker.ids.next())).rejects.toMatchObject({ name: 'MalformedZnodeError' });
    expect(context.claims).toBe(1);
  });
});

describe('over lost answers and restarts', () => {
  it.each(LOST.map((lost) => ({ lost })))('no id is given out twice where a claim loses $lost', async ({ lost }) => {
    for (let delayMs = 0; delayMs < 16; delayMs++) {
      const { context, broker } = await begin();
      const ids = await takeMany(context, broker, 900);
      await context.scheduler.advanceBy(delayMs);
      broker.host.cut(lost);
      ids.push(...(await takeMany(context, broker, 1500)));
      expect(new Set(ids).size).toBe(2400);
    }
  });

  it.each([1, 2, 3, 4, 5])('no id is given out twice (seed %i)', async (seed) => {
    const { context, brokers, ids } = await randomRun(seed);
    expect(ids.length).toBeGreaterThan(5000);
    expect(new Set(ids).size).toBe(ids.length);
    // What was given out had been claimed; the rest was skipped.
    expect(Math.max(...ids)).toBeLessThan(context.claims * 1000);
    expect(brokers).toHaveLength(3);
  });
});

/** Three brokers give out ids while connections break with answers on their way, sessions end, and processes start anew. */
async function randomRun(seed: number) {
  const context = new ProducerIdContext(seed);
  const { random } = context;
  const brokers = [await context.startBroker(1), await context.startBroker(2), await context.startBroker(3)];
  const ids: number[] = [];
  for (let round = 0; round < 60; round++) {
    const broker = pick(random, brokers);
    const asked = Array.from({ length: random.below(600) }, () => broker.ids.next());
    const answers = Promise.allSettled(asked);
    await context.scheduler.advanceBy(random.below(8));
    if (chance(random, 0.5)) broker.host.cut(pick(random, LOST));
    if (chance(random, 0.1) && broker.session !== undefined) context.zookeeper.expire(broker.session.sessionId);
    for (const answer of await context.run(answers)) if (answer.status === 'fulfilled') ids.push(answer.value);
    if (broker.session?.state === 'LOST') await context.connect(broker);
    if (chance(random, 0.2)) {
      const at = random.below(brokers.length);
      brokers[at] = await context.startBroker(at + 1);
    }
  }
  return { context, brokers, ids };
}

async function begin() {
  const context = new ProducerIdContext();
  return { context, broker: await context.startBroker(1) };
}

const take = async (context: ProducerIdContext, broker: IdBroker): Promise<number> => context.run(broker.ids.next());

async function takeMany(context: ProducerIdContext, broker: IdBroker, count: number): Promise<number[]> {
  const ids: number[] = [];
  const taking = async () => {
    for (let taken = 0; taken < count; taken++) ids.push(await broker.ids.next());
  };
  await context.run(taking());
  return ids;
}
