import { openDataDir } from '../../../src/server/persistence/data-dir.ts';

// A process that opens the data directory that it is told, says so, and keeps it until it is killed.
const [dataDir = ''] = process.argv.slice(2);
await openDataDir({ dataDir });
process.stdout.write('open\n');
setInterval(() => {}, 1_000_000);
