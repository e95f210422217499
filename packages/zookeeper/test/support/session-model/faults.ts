import type { Random, Scheduler } from '@barnabas/model';
import { type Direction, pick, type SimulatedHost, type SimulatedZooKeeper } from '@barnabas/testkit';

const DIRECTIONS: readonly (readonly Direction[])[] = [['toServer'], ['toClient'], ['toServer', 'toClient']];
const LONGEST_MS = 4500;

type Place = {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly zookeeper: SimulatedZooKeeper;
  readonly hosts: readonly SimulatedHost[];
  /** Ends the session of some client on the server. */
  readonly expireSome: () => void;
};

/** Does something bad now, which may take a while to end. */
export function doSomethingBad({ random, scheduler, zookeeper, hosts, expireSome }: Place): void {
  const host = pick(random, hosts);
  const directions = pick(random, DIRECTIONS);
  const laterMs = random.below(LONGEST_MS);
  const later = (task: () => void) => scheduler.after(laterMs, task);
  const bad = [
    () => host.cut(directions),
    () => {
      host.hold(directions);
      later(() => host.release());
    },
    () => {
      host.hold(directions);
      later(() => {
        host.cut(directions);
        host.release();
      });
    },
    () => {
      host.process.pause();
      later(() => host.process.resume());
    },
    () => {
      zookeeper.process.pause();
      later(() => zookeeper.process.resume());
    },
    () => {
      zookeeper.kill();
      later(() => zookeeper.restart());
    },
    () => {
      zookeeper.refuse(true);
      later(() => zookeeper.refuse(false));
    },
    expireSome,
  ];
  pick(random, bad)();
}

/** Ends all that is bad. */
export function makeGood(zookeeper: SimulatedZooKeeper, hosts: readonly SimulatedHost[]): void {
  zookeeper.refuse(false);
  zookeeper.process.resume();
  if (zookeeper.image() === undefined) zookeeper.restart();
  for (const host of hosts) {
    host.release();
    host.process.resume();
  }
}
