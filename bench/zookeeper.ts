/** Measures sessions with ZooKeeper, and the embedded server beside the real one; see README.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { realZooKeeper } from '../test/support/zookeeper/real-zookeeper.ts';
import { ZooKeeperProcess } from '../test/support/zookeeper/zookeeper-process.ts';
import { printMachine } from './support/machine.ts';
import { measureClients } from './zookeeper/clients.ts';
import { SCALES } from './zookeeper/scale.ts';
import { measureServers } from './zookeeper/servers.ts';
import { measureStart } from './zookeeper/start.ts';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../.cache') },
    quick: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
const scale = SCALES[values.tiny ? 'tiny' : values.quick ? 'quick' : 'full'];
const isWanted = (part: string): boolean => values.only === undefined || values.only.includes(part);

mkdirSync(values.dir, { recursive: true });
const dir = mkdtempSync(join(values.dir, 'bench-zookeeper-'));
// The real server keeps its data in the system's temporary directory, which may be on another disk.
process.env.TMPDIR = dir;
const startMs = performance.now();
const embedded = await ZooKeeperProcess.start(join(dir, 'embedded'));
const real = await realZooKeeper({ servers: 1, fsync: true, forMeasuring: true });
try {
  printMachine(dir);
  const theirs = await real.leader();
  if (isWanted('clients')) {
    await measureClients('the real server', theirs, scale);
    await measureClients('the embedded server', embedded, scale);
  }
  if (isWanted('servers')) await measureServers(embedded, theirs, scale);
  if (isWanted('start')) await measureStart(dir, scale);
  console.log(`\nTook ${Math.round((performance.now() - startMs) / 1000)} s.`);
} finally {
  await embedded.stop();
  await real.stop();
  rmSync(dir, { recursive: true });
}
