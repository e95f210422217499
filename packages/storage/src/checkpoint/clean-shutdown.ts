/**
 * `.kafka_cleanshutdown` of a log directory: all its logs were flushed and closed, none needs recovery. JSON, which old
 * versions of Kafka left out; that the file is there is what counts.
 */
import { join } from 'node:path';
import { removeIfThere } from '../files/remove-if-there.ts';
import type { FileSystem } from '../fs/file-system.ts';
import { replaceFile } from './atomic-write.ts';

export const CLEAN_SHUTDOWN_MARKER = '.kafka_cleanshutdown';

/** -1 is what a broker of a ZooKeeper cluster writes for the epoch. */
const CONTENT = Buffer.from('{"version":0,"brokerEpoch":-1}');

/**
 * Whether the directory was shut down cleanly. To be called before anything else in it is opened: when the promise has
 * resolved the marker is gone from the disk too, so that a crash from then on is an unclean one (KAFKA-10471).
 *
 * Rejects with the system's error.
 */
export async function takeCleanShutdownMarker(fs: FileSystem, dir: string): Promise<boolean> {
  const wasThere = await removeIfThere(fs, join(dir, CLEAN_SHUTDOWN_MARKER));
  // Also without one: a process that died here may have removed it from the page cache alone.
  await fs.syncDirectory(dir);
  return wasThere;
}

/** To be called once all logs of the directory are flushed and closed. */
export async function writeCleanShutdownMarker(fs: FileSystem, dir: string): Promise<void> {
  await replaceFile(fs, join(dir, CLEAN_SHUTDOWN_MARKER), CONTENT);
}
