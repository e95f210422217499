export type { CrashLosses } from './disk/losses.ts';
export { ProcessDiedError } from './disk/operation-queue.ts';
export { type DiskCounters, SimulatedDisk } from './disk/simulated-disk.ts';
export type { OperationName, SimulatedFaults } from './disk/simulated-faults.ts';
export type { SimulatedFileSystem } from './disk/simulated-file-system.ts';
export { chance, pick, seededRandom, shuffled } from './seeded-random.ts';
export { SimulatedClock } from './simulated-clock.ts';
export { SimulatedScheduler } from './simulated-scheduler.ts';
