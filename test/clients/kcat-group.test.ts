import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { KCAT } from '../support/clients/kcat.ts';
import { type RunningProgram, runProgram, startProgram } from '../support/clients/run-program.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';
import { until } from '../support/until.ts';

const START_MAX_MS = 180_000;
const STEP_MAX_MS = 120_000;
const REBALANCE_MAX_MS = 30_000;
const TOPIC = 'grouped';
const PARTITIONS = 6;
const LINES = 600;

/** Steps of one story. */
describeWithPackages('kcat in a balanced group', KCAT, () => {
  let scene: ClientScene;
  const members: RunningProgram[] = [];

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '500' });
    await scene.createTopic(TOPIC, PARTITIONS);
  }, START_MAX_MS);
  afterAll(async () => {
    await Promise.all(members.map((member) => member.stop()));
    await scene?.close();
  });

  const join = (): RunningProgram => {
    const servers = scene.cluster.bootstrapServers;
    const settings = ['auto.offset.reset=earliest', 'session.timeout.ms=6000', 'auto.commit.interval.ms=200'];
    const args = ['-b', servers, '-G', 'readers', '-u', '-f', '%p %s\n', ...settings.flatMap((one) => ['-X', one])];
    const member = startProgram('kcat', [...args, TOPIC]);
    member.input.end();
    members.push(member);
    return member;
  };
  const produce = async (from: number): Promise<string[]> => {
    const lines = Array.from({ length: LINES }, (_, at) => `line ${from + at}`);
    const args = ['-b', scene.cluster.bootstrapServers, '-P', '-t', TOPIC, '-X', 'acks=all', '-K:'];
    await runProgram('kcat', args, lines.map((line) => `${line}:${line}\n`).join(''));
    return lines;
  };
  /** How many partitions it was given last. */
  const assigned = ({ complaints }: RunningProgram): number =>
    complaints.findLast((line) => line.includes('assigned:'))?.match(/\[\d+\]/g)?.length ?? 0;
  const shares = (...counts: number[]): Promise<true> =>
    until(`members have ${counts}`, REBALANCE_MAX_MS, async () => {
      const theirs = members.map(assigned);
      return theirs.join() === counts.join() || undefined;
    });
  const read = (): Set<string> =>
    new Set(members.flatMap(({ lines }) => lines.map((line) => line.replace(/^\d+ /, ''))));
  const readAll = (wanted: readonly string[]): Promise<true> =>
    until('every line is read', REBALANCE_MAX_MS, async () => {
      const have = read();
      return wanted.every((line) => have.has(line)) || undefined;
    });

  it(
    'has all partitions alone, and shares them with a second member',
    async () => {
      const first = await produce(0);
      const one = join();
      await shares(PARTITIONS);
      await readAll(first);
      const two = join();
      await shares(PARTITIONS / 2, PARTITIONS / 2);
      const second = await produce(LINES);
      await readAll(second);
      expect(one.lines.length).toBeGreaterThan(LINES);
      expect(two.lines.length).toBeGreaterThan(0);
      expect(one.lines.length + two.lines.length).toBe(2 * LINES);
    },
    STEP_MAX_MS,
  );

  it(
    'goes on when a broker is killed that leads partitions and may coordinate the group',
    async () => {
      const leader = await scene.cluster.leaderOf(TOPIC, 0);
      await leader.kill();
      await readAll(await produce(2 * LINES));
      leader.start();
      await scene.cluster.whenReady();
      await readAll(await produce(3 * LINES));
    },
    STEP_MAX_MS,
  );

  it(
    'takes over what a member had that leaves',
    async () => {
      const [one] = members;
      await one?.stop();
      members.shift();
      await shares(PARTITIONS);
      await readAll(await produce(4 * LINES));
    },
    STEP_MAX_MS,
  );
});
