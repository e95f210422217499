/** Fills a log directory and is killed before it can close it: `node fill-and-die.ts <directory> <now in epoch ms>`. */
import { fill, openOurs } from './ours.ts';

const [dir = '', nowMs = ''] = process.argv.slice(2);
const { manager, clock } = await openOurs(dir, Number(nowMs), 'os');
await fill(manager, clock, Number(nowMs));
await manager.checkpoint();
process.kill(process.pid, 'SIGKILL');
