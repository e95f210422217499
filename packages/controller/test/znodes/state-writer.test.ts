import { brokerId, controllerEpoch, leaderEpoch, partitionEpoch } from '@barnabas/model';
import {
  ControllerMovedError,
  encodePartitionState,
  partitionStatePath,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { initialLeaderAndIsr, inNextEpoch, type LeaderAndIsr } from '../../src/leader-and-isr.ts';
import { FencedSession } from '../../src/znodes/fenced-session.ts';
import { type StateChange, writeStates } from '../../src/znodes/state-writer.ts';
import { TermOverError } from '../../src/znodes/term-over-error.ts';
import { ControlledCluster } from '../support/controlled-cluster.ts';
import { type Trouble, TroubledSession } from '../support/troubled-session.ts';
import { ids } from '../support/views.ts';

type At = { readonly topic: string; readonly partition: number };

const FIRST: LeaderAndIsr = initialLeaderAndIsr(brokerId(1), ids(1, 2));
const at = (partition: number): At => ({ topic: 't', partition });
const created = (partition: number): StateChange<At> => ({ partition: at(partition), next: FIRST, isNew: true });
const changed = (partition: number): StateChange<At> => ({
  partition: at(partition),
  next: inNextEpoch(FIRST, { leader: undefined }),
  isNew: false,
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A topic of 500 partitions without states, and a session that is fenced by controller epoch 3. */
async function begin() {
  const cluster = new ControlledCluster();
  const operator = await cluster.operator();
  for (const path of ['/brokers', '/brokers/topics', '/brokers/topics/t'])
    await cluster.run(operator.create(path, null));
  await cluster.run(operator.create('/controller_epoch', Buffer.from('3')));
  const fencedBy = (session: ZooKeeperSession) => new FencedSession(session, controllerEpoch(3), 0);
  const kinds = async (changes: readonly StateChange<At>[], session: ZooKeeperSession = operator) => {
    const outcomes = await cluster.run(writeStates(fencedBy(session), changes));
    return changes.map(({ partition }) => outcomes.get(partition)?.kind);
  };
  return { cluster, operator, fencedBy, kinds };
}

describe('writeStates', () => {
  it('creates new states with what is above them, in few transactions, and changes them afterwards', async () => {
    const { cluster, kinds } = await begin();
    const before = cluster.zookeeper.journal.length;
    expect(new Set(await kinds(numbers(500).map(created)))).toEqual(new Set(['written']));
    expect(cluster.zookeeper.journal.length - before).toBeLessThan(10);
    expect(await kinds([changed(7), created(500)])).toEqual(['written', 'written']);
    expect(cluster.state('t', 7)).toMatchObject({ leader: undefined, leaderEpoch: 1, controllerEpoch: 3, version: 1 });
  });

  it('writes all but what another hand has changed, which it answers as it is', async () => {
    const { cluster, operator, fencedBy, kinds } = await begin();
    await kinds(numbers(500).map(created));
    const state = {
      leader: brokerId(2),
      leaderEpoch: leaderEpoch(4),
      controllerEpoch: controllerEpoch(2),
      isr: ids(2),
      isRecovering: false,
    };
    const theirs = encodePartitionState(state);
    for (const partition of [3, 4, 333]) await cluster.run(operator.set(partitionStatePath(at(partition)), theirs, -1));
    const changes = numbers(500).map(changed);
    const outcomes = await cluster.run(writeStates(fencedBy(operator), changes));
    const lost = changes.filter(({ partition }) => outcomes.get(partition)?.kind !== 'written');
    expect(lost.map(({ partition }) => partition.partition)).toEqual([3, 4, 333]);
    expect(outcomes.get(changes[3]?.partition ?? at(3))).toEqual({
      kind: 'changed',
      leaderAndIsr: { leader: 2, leaderEpoch: 4, isr: [2], isRecovering: false, partitionEpoch: 1 },
    });
    expect(cluster.state('t', 332)).toMatchObject({ leaderEpoch: 1 });
  });

  it('gives up what is gone or cannot be read', async () => {
    const { cluster, operator, kinds } = await begin();
    await kinds([created(0), created(1), created(2)]);
    await cluster.run(operator.delete(partitionStatePath(at(0)), -1));
    await cluster.run(operator.set(partitionStatePath(at(1)), Buffer.from('{'), -1));
    expect(await kinds([changed(0), changed(1), changed(2)])).toEqual(['lost', 'lost', 'written']);
    const elsewhere = { ...created(0), partition: { topic: 'nowhere', partition: 0 } };
    expect(await kinds([elsewhere])).toEqual(['lost']);
  });

  it('adopts a state that is there already', async () => {
    const { kinds } = await begin();
    await kinds([created(0)]);
    const other = { ...created(0), next: initialLeaderAndIsr(brokerId(2), ids(2)) };
    expect([await kinds([created(0)]), await kinds([other])]).toEqual([['written'], ['changed']]);
  });

  it.each<Trouble>([
    'answerLost',
    'requestLost',
  ])('writes each once where one of its requests is troubled: %s', async (trouble) => {
    for (let troubled = 1; ; troubled++) {
      const { cluster, operator, kinds } = await begin();
      const first = new TroubledSession(operator, troubled, trouble);
      expect(new Set(await kinds(numbers(250).map(created), first.session))).toEqual(new Set(['written']));
      const second = new TroubledSession(operator, troubled, trouble);
      expect(new Set(await kinds(numbers(250).map(changed), second.session))).toEqual(new Set(['written']));
      expect([0, 249].map((partition) => cluster.state('t', partition).version)).toEqual([1, 1]);
      if (first.requests < troubled && second.requests < troubled) return;
    }
  });

  it('rejects and writes nothing where another controller has been elected', async () => {
    const { cluster, operator, fencedBy, kinds } = await begin();
    await kinds([created(0)]);
    await cluster.run(operator.set('/controller_epoch', Buffer.from('4'), -1));
    const writing = writeStates(fencedBy(operator), [changed(0)]);
    await expect(cluster.run(writing)).rejects.toThrow(ControllerMovedError);
    expect(cluster.state('t', 0).version).toBe(0);
  });

  it('rejects where a later controller has written the state', async () => {
    const { cluster, operator, fencedBy, kinds } = await begin();
    await kinds([created(0)]);
    const state = { ...FIRST, controllerEpoch: controllerEpoch(4) };
    await cluster.run(operator.set(partitionStatePath(at(0)), encodePartitionState(state), -1));
    const writing = writeStates(fencedBy(operator), [changed(0)]);
    await expect(cluster.run(writing)).rejects.toThrow(ControllerMovedError);
  });

  it('writes nothing any more once the term is over', async () => {
    const { cluster, operator, fencedBy, kinds } = await begin();
    await kinds([created(0)]);
    const fenced = fencedBy(operator);
    fenced.end();
    await expect(cluster.run(writeStates(fenced, [changed(0)]))).rejects.toThrow(TermOverError);
    expect(cluster.state('t', 0).version).toBe(0);
  });

  it('expects the partition epoch that the change was decided on', async () => {
    const { kinds } = await begin();
    await kinds([created(0)]);
    const stale = { ...changed(0), next: { ...changed(0).next, partitionEpoch: partitionEpoch(5) } };
    expect(await kinds([stale])).toEqual(['changed']);
  });
});
