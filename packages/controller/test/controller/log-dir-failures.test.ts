import { LOG_DIR_EVENTS } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { ControlledCluster } from '../support/controlled-cluster.ts';

async function fail(cluster: ControlledCluster, id: number, replicas: readonly string[]): Promise<void> {
  for (const replica of replicas) cluster.broker(id).failed.add(replica);
  const path = `${LOG_DIR_EVENTS.parent}/${LOG_DIR_EVENTS.prefix}`;
  const data = LOG_DIR_EVENTS.encode(cluster.broker(id).id);
  await cluster.run(cluster.member(id).session.create(path, data, { mode: 'persistentSequential' }));
  await cluster.pass(300);
}

describe('a log directory that fails', () => {
  it('takes its replicas out of the ISR and from the lead, and leaves the broker what it has elsewhere', async () => {
    const cluster = await ControlledCluster.of([1, 2, 3]);
    await cluster.createTopic('t', { 0: [2, 3], 1: [2, 3] });
    await fail(cluster, 2, ['t-0']);
    expect([cluster.short('t', 0), cluster.short('t', 1)]).toEqual(['3/3', '2/2,3']);
    expect(cluster.broker(1).metadata.get('t-0')).toMatchObject({ leader: 3, offlineReplicas: [2] });
    const { children } = await cluster.run((await cluster.operator()).children(LOG_DIR_EVENTS.parent));
    expect(children).toEqual([]);
  });

  it('leaves a partition without a leader that nobody else has, until the broker starts with it again', async () => {
    const cluster = await ControlledCluster.of([1, 2]);
    await cluster.createTopic('t', { 0: [2] });
    await fail(cluster, 2, ['t-0']);
    expect(cluster.short('t')).toBe('-/2');
    cluster.broker(2).failed.clear();
    await cluster.bounce(2);
    expect(cluster.short('t')).toBe('2/2');
  });
});
