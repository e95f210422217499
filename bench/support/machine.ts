import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { number } from './table.ts';

const FILE_SYSTEMS = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
  [0x2fc12fc1, 'zfs'],
]);

/** Milliseconds that all cores were busy, for whatever process. */
const busyMs = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);

/** Runs `act`; answers which share of all cores other processes had meanwhile. */
export const othersShare = async (act: () => Promise<void>): Promise<number> => {
  const [startMs, busyBeforeMs, ownBefore] = [performance.now(), busyMs(), process.cpuUsage()];
  await act();
  const { user, system } = process.cpuUsage(ownBefore);
  const capacityMs = (performance.now() - startMs) * availableParallelism();
  return Math.max(0, busyMs() - busyBeforeMs - (user + system) / 1000) / capacityMs;
};

/** Prints what the figures depend on. */
export const printMachine = (dir: string): void => {
  const { type, bavail, bsize } = statfsSync(dir);
  const { UV_THREADPOOL_SIZE } = process.env;
  const fileSystem = FILE_SYSTEMS.get(type) ?? `file system 0x${type.toString(16)}`;
  console.log(
    [
      new Date().toISOString().slice(0, 10),
      `Node ${process.versions.node}, UV_THREADPOOL_SIZE ${UV_THREADPOOL_SIZE ?? 'not set (4)'}`,
      `${availableParallelism()} cores (${cpus()[0]?.model}), ${number(totalmem() / 1e9)} GB of memory, Linux ${release()}`,
      `${fileSystem}, ${number((bavail * bsize) / 1e9)} GB free`,
      `load before: ${loadavg().map(number).join(' ')}`,
    ].join('\n'),
  );
  if (fileSystem === 'tmpfs') console.log('This is no disk: give a directory on one with --dir.');
};
