import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { startZooKeeperServer } from '@barnabas/zookeeper';
import { realZooKeeper } from '../../test/support/zookeeper/real-zookeeper.ts';
import { ZooKeeperProcess } from '../../test/support/zookeeper/zookeeper-process.ts';
import { alternate } from '../support/rounds.ts';
import { number, printTable, spread } from '../support/table.ts';
import type { Scale } from './scale.ts';
import { Wire } from './wire.ts';

const surroundings = { clock: systemClock, scheduler: systemScheduler, random: systemRandom };
const logger = { debug: () => {}, info: () => {}, warn: console.warn, error: console.error };

/** From nothing, on an empty directory, to the first session. */
export async function measureStart(dir: string, { startRounds }: Scale): Promise<void> {
  const empty = (): string => mkdtempSync(join(dir, 'start-'));
  const figures = await alternate(
    {
      inProcess: () =>
        took(async () => {
          const server = await startZooKeeperServer({ ...surroundings, logger, dataDir: empty(), port: 0 });
          return { host: server.host, port: server.port, stop: () => server.close() };
        }),
      process: () =>
        took(async () => {
          const server = await ZooKeeperProcess.start(empty());
          return { host: server.host, port: server.port, stop: () => server.kill() };
        }),
      real: () =>
        took(async () => {
          const ensemble = await realZooKeeper({ servers: 1, fsync: true });
          const { host, port } = await ensemble.leader();
          return { host, port, stop: () => ensemble.stop() };
        }),
    },
    startRounds,
    startRounds,
  );
  const ms = (values: readonly number[]): string => spread(values, (value) => `${number(value)} ms`);
  printTable(
    'From the start to the first session',
    ['server', 'time'],
    [
      ['embedded, in a process that runs', ms(figures.inProcess)],
      ['embedded, `barnabas zookeeper start`', ms(figures.process)],
      ['real, a JVM', ms(figures.real)],
    ],
  );
}

type Started = { readonly host: string; readonly port: number; readonly stop: () => Promise<void> };

async function took(start: () => Promise<Started>): Promise<number> {
  const beganMs = performance.now();
  const { host, port, stop } = await start();
  const wire = await Wire.connect(host, port);
  const tookMs = performance.now() - beganMs;
  wire.close();
  await stop();
  return tookMs;
}
