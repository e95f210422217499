import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { type DataDir, type DataDirOptions, openDataDir } from '../../../src/server/persistence/data-dir.ts';

export const DATA_DIR = '/data';
export const VERSION_DIR = `${DATA_DIR}/version-2`;

/** A disk of which a seed says what it does. */
export function simulatedDisk(seed = 1): SimulatedDisk {
  return new SimulatedDisk(seededRandom(seed));
}

/** The data directory of that disk, as a new process opens it. Files are lengthened by little, as memory is scarce. */
export function openOn(disk: SimulatedDisk, options: Partial<DataDirOptions> = {}): Promise<DataDir> {
  return openDataDir({ dataDir: DATA_DIR, fs: disk.newProcess(), preallocateBytes: 8192, ...options });
}
