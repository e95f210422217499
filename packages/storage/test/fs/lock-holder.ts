import { nodeFileSystem } from '@barnabas/storage';

// A process that tries to lock the file it is told, says what came of it, and holds the lock until its input ends.
const [path = '', mode] = process.argv.slice(2);
const lock = await nodeFileSystem.lock(path);
process.stdout.write(lock === undefined ? 'refused\n' : 'held\n');
if (mode !== 'once') process.stdin.resume();
