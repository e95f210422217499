import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import type { BrokerContainer } from './support/broker-container.ts';
import { ContainerCluster, SESSION_TIMEOUT_MS } from './support/container-cluster.ts';
import { Trial } from './support/trial.ts';

const UNACKNOWLEDGED_MS = 3000;

let cluster: ContainerCluster;

beforeAll(async () => {
  cluster = await ContainerCluster.start();
});

afterEach(() => cluster.heal());

afterAll(() => cluster?.stop());

/** The controller leads its share of a topic's partitions, too. */
const controller = async (): Promise<BrokerContainer> => cluster.broker(await cluster.witness.controllerId());

const begin = async (topic: string): Promise<Trial> => {
  onTestFailed(async () => {
    process.stderr.write(`${await cluster.logTails()}\n`);
  });
  return Trial.start(cluster, topic);
};

/** A write by way of this broker alone. Whether it was acknowledged. */
const isAcknowledged = async ({ restUrl }: BrokerContainer, topic: string, partition: number): Promise<boolean> => {
  const url = `${restUrl}/v1/topics/${topic}/partitions/${partition}/records?timeout=${UNACKNOWLEDGED_MS}`;
  const body = JSON.stringify({ value: 'not acknowledged' });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const answer = await response.text();
  if (!response.ok) expect(response.status, answer).toBeGreaterThanOrEqual(500);
  return response.ok;
};

describe('three brokers in containers', () => {
  it('lose nothing when the controller is cut off, and clients still reach it', async () => {
    const trial = await begin('cut-off');
    const broker = await controller();
    const partition = await trial.ledBy(broker);

    await broker.cutOff();
    expect(await isAcknowledged(broker, trial.topic, partition)).toBe(false);
    await trial.goesOnWithout(broker);
    expect(await isAcknowledged(broker, trial.topic, partition)).toBe(false);
    await cluster.heal();

    await trial.end();
  });

  it('lose nothing when the controller is paused for twice the time of its session', async () => {
    const trial = await begin('paused');
    const broker = await controller();
    await trial.ledBy(broker);

    await broker.pause();
    const over = sleep(2 * SESSION_TIMEOUT_MS);
    await trial.goesOnWithout(broker);
    await over;
    await cluster.heal();

    await trial.end();
  });

  it('lose nothing when the controller is killed, and started again', async () => {
    const trial = await begin('killed');
    const broker = await controller();
    await trial.ledBy(broker);

    await broker.kill();
    await trial.goesOnWithout(broker);
    await cluster.heal();

    await trial.end();
  });
});
