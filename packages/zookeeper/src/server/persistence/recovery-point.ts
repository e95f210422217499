/**
 * `<dataDir>/recovery-point`: up to where the log file that is being written is known to be flushed.
 *
 *   0    log        int64, the zxid in the file's name
 *   8    position   int64, byte of the file
 *   16   checksum   int32, CRC-32 of the above
 *
 * It tells damage from a torn tail. Unflushed pages reach the disk in any order, so that behind a power failure whole
 * transactions may follow holes: before this position all that is not whole is damage to what was acknowledged; behind
 * it, it is a tear, whatever follows.
 *
 * It is written after each flush of the log, and flushed by the system in its own time. So it is exact after the death
 * of the process, and behind a power failure by what was logged in the last half minute or so: where that was damaged as
 * well, and not only cut off, the damage passes for a tear.
 *
 * ZooKeeper has no such file, and does not mind it. Of a log file that this server did not write it says nothing. Where
 * someone has cut a log on purpose, it has to be removed.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readFileIfThere, writeFully } from './file-io.ts';
import type { FileHandle, FileSystem } from './file-system.ts';

const NAME = 'recovery-point';
const CHECKSUM_AT = 16;
const SIZE_BYTES = 20;

export type RecoveryPoint = { readonly logZxid: number; readonly position: number };

/** Undefined where there is none, or one that is not whole. */
export async function readRecoveryPoint(fs: FileSystem, dataDir: string): Promise<RecoveryPoint | undefined> {
  const bytes = await readFileIfThere(fs, join(dataDir, NAME));
  if (bytes?.length !== SIZE_BYTES) return undefined;
  if (crc32(bytes.subarray(0, CHECKSUM_AT)) !== bytes.readUInt32BE(CHECKSUM_AT)) return undefined;
  return { logZxid: Number(bytes.readBigInt64BE(0)), position: Number(bytes.readBigInt64BE(8)) };
}

/**
 * Writes the recovery point. The log owns it, and waits for each call before the next.
 *
 * Invariant: on the disk is the point of the log file that is being written, or an earlier one of the same file.
 */
export class RecoveryPointFile {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Its name is on the disk when the promise has resolved, and so are those of all that was made beside it. */
  static async open(fs: FileSystem, dataDir: string): Promise<RecoveryPointFile> {
    const file = await fs.open(join(dataDir, NAME), 'write');
    try {
      await fs.syncDirectory(dataDir);
      return new RecoveryPointFile(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Without a flush: one that is behind does little harm. */
  async write({ logZxid, position }: RecoveryPoint): Promise<void> {
    const bytes = Buffer.alloc(SIZE_BYTES);
    bytes.writeBigInt64BE(BigInt(logZxid), 0);
    bytes.writeBigInt64BE(BigInt(position), 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECKSUM_AT)), CHECKSUM_AT);
    await writeFully(this.#file, [bytes], 0);
  }

  sync(): Promise<void> {
    return this.#file.sync();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
