import { pick, shuffled } from '@barnabas/testkit';
import { between } from '../kernel/chances.ts';
import { CHROOT, hostOf } from '../world/broker-properties.ts';
import type { FaultBench } from './fault-bench.ts';

/** Something goes wrong, for as long as it itself says. */
export type Fault = { readonly name: string; readonly begin: (bench: FaultBench) => void | Promise<void> };

const process: readonly Fault[] = [
  {
    name: 'a broker is killed',
    begin: (bench) => {
      const victim = bench.victim();
      victim?.kill();
      bench.later(bench.pauseMs(), () => victim?.start());
    },
  },
  {
    name: 'a machine loses power',
    begin: (bench) => {
      const victim = bench.victim();
      victim?.losePower();
      bench.later(bench.pauseMs(), () => victim?.start());
    },
  },
  {
    name: 'all machines lose power',
    begin: (bench) => {
      const { machines } = bench.cluster;
      for (const machine of machines) machine.losePower();
      const order = shuffled(bench.random, machines);
      bench.world.reached.note(`started again in the order ${order.map(({ id }) => id).join('')}`);
      let atMs = bench.pauseMs();
      for (const machine of order) {
        bench.later(atMs, () => machine.start());
        atMs += pick(bench.random, [0, 50, bench.pauseMs()]);
      }
    },
  },
  {
    name: 'all brokers are killed',
    begin: (bench) => {
      for (const machine of bench.cluster.machines) {
        machine.kill();
        bench.later(bench.pauseMs(), () => machine.start());
      }
    },
  },
  {
    name: 'a broker stands still',
    begin: (bench) => {
      const life = bench.victim()?.life;
      life?.process.pause();
      bench.later(bench.pauseMs(), () => life?.process.resume());
    },
  },
  {
    name: 'a broker is stopped',
    begin: (bench) => {
      const victim = bench.victim();
      victim?.shutDown(6000);
      bench.later(between(bench.random, 0, 3000), () => victim?.start());
      bench.later(6500, () => victim?.start());
    },
  },
  {
    name: 'rolling restart',
    begin: async (bench) => {
      for (const machine of bench.cluster.machines) {
        machine.shutDown(6000);
        await bench.world.until(() => machine.life === undefined || !machine.life.isStopping, 7000);
        machine.start();
        await bench.world.until(() => machine.life?.broker !== undefined, 5000);
      }
    },
  },
  {
    name: 'a disk stalls',
    begin: (bench) => {
      const victim = bench.victim();
      const go = victim?.stallDisk(pick(bench.random, ['sync', 'write', 'rename']));
      bench.later(between(bench.random, 10, 1500), () => go?.());
    },
  },
];

const network: readonly Fault[] = [
  {
    name: 'a link is cut',
    begin: (bench) => {
      const [a, b] = bench.pair();
      bench.world.network.cut(hostOf(a), hostOf(b));
    },
  },
  {
    name: 'a link is silent',
    begin: (bench) => {
      const [a, b] = bench.pair();
      bench.world.network.silence(hostOf(a), hostOf(b));
      bench.later(bench.pauseMs(), () => bench.world.network.heal(hostOf(a), hostOf(b)));
    },
  },
  {
    name: 'a link is silent one way',
    begin: (bench) => {
      const [a, b] = shuffled(bench.random, bench.pair());
      if (a === undefined || b === undefined) return;
      bench.world.network.silenceOneWay(hostOf(a), hostOf(b));
      bench.later(bench.pauseMs(), () => bench.world.network.heal(hostOf(a), hostOf(b)));
    },
  },
  {
    name: 'a broker is cut off from its peers',
    begin: (bench) => {
      const id = between(bench.random, 1, 3);
      const others = [1, 2, 3].filter((other) => other !== id);
      for (const other of others) bench.world.network.silence(hostOf(id), hostOf(other));
      bench.later(bench.pauseMs(), () => {
        for (const other of others) bench.world.network.heal(hostOf(id), hostOf(other));
      });
    },
  },
];

const zookeeper: readonly Fault[] = [
  {
    name: 'a broker is cut off from ZooKeeper',
    begin: (bench) => {
      const life = bench.victim()?.life;
      life?.session.hold(pick(bench.random, [['toServer', 'toClient'], ['toServer'], ['toClient']]));
      bench.later(bench.pauseMs(), () => life?.session.release());
    },
  },
  {
    name: 'a connection to ZooKeeper breaks',
    begin: (bench) => {
      bench.victim()?.life?.session.cut(pick(bench.random, [['toServer', 'toClient'], ['toServer'], ['toClient'], []]));
    },
  },
  {
    name: 'a session is expired',
    begin: ({ cluster, random, world }) => {
      const registered = [...cluster.model.zookeeper.brokers.values()];
      if (registered.length > 0) world.zookeeper.expire(pick(random, registered).sessionId);
    },
  },
  {
    name: 'ZooKeeper is down',
    begin: (bench) => {
      const { zookeeper } = bench.world;
      zookeeper.kill();
      bench.later(bench.pauseMs(), () => {
        if (zookeeper.image() === undefined) zookeeper.restart();
      });
    },
  },
  {
    name: 'ZooKeeper stands still',
    begin: (bench) => {
      bench.world.zookeeper.process.pause();
      bench.later(bench.pauseMs(), () => bench.world.zookeeper.process.resume());
    },
  },
  {
    name: 'ZooKeeper refuses connections',
    begin: (bench) => {
      bench.world.zookeeper.refuse(true);
      for (const { life } of bench.cluster.running) life?.session.cut();
      bench.later(bench.pauseMs(), () => bench.world.zookeeper.refuse(false));
    },
  },
];

const rest: readonly Fault[] = [
  {
    name: 'a controller is replaced and does not hear of it',
    begin: (bench) => {
      const { cluster, world } = bench;
      const id = cluster.model.zookeeper.controller;
      const life = cluster.machines.find((machine) => machine.id === id)?.life;
      if (life === undefined || id === undefined) return;
      const others = [1, 2, 3].filter((other) => other !== id);
      for (const other of others) world.network.silence(hostOf(id), hostOf(other));
      life.session.hold(['toClient']);
      world.zookeeper.delete(`${CHROOT}/controller`);
      bench.later(bench.pauseMs(), () => life.session.release());
      bench.later(bench.pauseMs(), () => {
        for (const other of others) world.network.heal(hostOf(id), hostOf(other));
      });
    },
  },
  {
    name: 'somebody deletes /controller',
    begin: ({ world }) => world.zookeeper.delete(`${CHROOT}/controller`),
  },
  {
    name: 'the wall clock jumps',
    begin: ({ world, random }) => world.clock.jumpWallBy(between(random, -5000, 5000)),
  },
];

export const FAULTS: readonly Fault[] = [...process, ...network, ...zookeeper, ...rest];

/** Faults that leave one good copy less: while they last nothing else may go wrong. */
export const EXCLUSIVE: readonly Fault[] = [
  {
    name: 'a flushed byte is damaged',
    begin: (bench) => {
      const victim = bench.victim();
      victim?.kill();
      bench.damageOn(victim);
      bench.later(bench.pauseMs(), () => victim?.start());
    },
  },
  {
    name: 'a flushed byte is damaged while all brokers are down',
    begin: (bench) => {
      const victim = bench.victim();
      bench.killAllForLong();
      bench.damageOn(victim);
    },
  },
  {
    name: 'a disk is replaced',
    begin: (bench) => {
      const victim = bench.victim();
      victim?.kill();
      bench.replaceDiskOf(victim);
      bench.later(bench.pauseMs(), () => victim?.start());
    },
  },
  {
    name: 'a disk is replaced while all brokers are down',
    begin: (bench) => {
      const victim = bench.victim();
      bench.killAllForLong();
      bench.replaceDiskOf(victim);
    },
  },
];
