/**
 * What has to happen in a process of its own: so that it can be killed, or that its memory can be looked at. The first
 * argument is a `ChildTask` in JSON; the answer goes to stdout as one line of JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeFileSystem } from '@barnabas/storage';
import { batchOf } from './batches.ts';
import { type ChildAnswer, type ChildTask, LOGS_CONFIG } from './child-task.ts';
import { EPOCH, openLogs } from './open-logs.ts';
import { TracingFileSystem } from './tracing-file-system.ts';

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;

const memoryBytes = (): { heap: number; arrayBuffers: number; rss: number } => {
  for (let times = 0; times < 4; times++) globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed, arrayBuffers, rss };
};

const before = memoryBytes();
const traced = new TracingFileSystem(nodeFileSystem);
const startMs = performance.now();
const manager = await openLogs(task.dir, { flush: task.flush, fs: traced.fs, config: LOGS_CONFIG });
const openedMs = performance.now() - startMs;
const counts = { ...traced.counts };
const unusable = manager.dirs.flatMap((dir) => [...dir.unusable.values()]);
if (unusable.length > 0) throw unusable[0]?.error;
// What opening leaves behind in the event loop is over then.
if (task.memory) await sleep(200);
const idle = task.memory ? memoryBytes() : before;
if (task.append) {
  const batch = batchOf(1024, Date.now());
  await Promise.all([...manager.logs()].map((log) => log.appendAsLeader(Buffer.from(batch), EPOCH).acknowledged));
}
if (task.memory) await sleep(200);
const appended = task.memory ? memoryBytes() : before;
const logs = [...manager.logs()].length;
const answer: ChildAnswer = {
  openedMs,
  logs,
  counts,
  wasClean: manager.dirs[0]?.wasClean ?? false,
  before,
  idle,
  appended,
};
if (task.end === 'close') await manager.close();
else await manager.checkpoint();
process.stdout.write(`${JSON.stringify(answer)}\n`, () => {
  if (task.end === 'kill') process.kill(process.pid, 'SIGKILL');
});
