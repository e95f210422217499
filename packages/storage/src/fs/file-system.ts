/**
 * The file system as the log needs it. `nodeFileSystem` is the real one; the simulated disk of the testkit loses and
 * tears what was not flushed. Paths are absolute or relative to the process, with `/` between their parts.
 *
 * Every method rejects with the system's own error (an `Error` with `code`: ENOENT, EIO, ENOSPC...). What survives a
 * crash: bytes written before a `sync` of the same file that has completed, and names made, moved or removed before a
 * `syncDirectory` of the directory that holds them. Anything else may be there, in part, or not at all.
 */
export interface FileSystem {
  /** Opens a file: `read` wants it to exist, `write` reads and writes and creates it if missing. */
  open(path: string, mode: 'read' | 'write'): Promise<FileHandle>;
  /** The whole file. */
  readFile(path: string): Promise<Buffer>;
  /** The entries of a directory, in any order. */
  list(path: string): Promise<DirectoryEntry[]>;
  stat(path: string): Promise<FileStat>;
  /** Replaces `to` if it is there. */
  rename(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  /** With all that is in it; quietly if it is not there. */
  removeDirectory(path: string): Promise<void>;
  /** With its parents; quietly if it is there. */
  makeDirectory(path: string): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  /** Of the file system that holds the path. */
  space(path: string): Promise<FileSystemSpace>;
  /** Takes an exclusive lock on a file (made if missing) that ends with the process; undefined if another holds it. */
  lock(path: string): Promise<FileLock | undefined>;
}

export interface FileHandle {
  /** Reads into `target` from byte `position`; the number of bytes read, less than asked at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Writes the chunks one after the other from byte `position`; the number of bytes written, which may be less. */
  write(chunks: readonly Uint8Array[], position: number): Promise<number>;
  truncate(sizeBytes: number): Promise<void>;
  /** Flushes data and size to the disk (fdatasync). */
  sync(): Promise<void>;
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
}

export interface FileLock {
  release(): Promise<void>;
}

export type DirectoryEntry = { readonly name: string; readonly isDirectory: boolean };
/** `usableBytes`: free, and for this process to take. */
export type FileSystemSpace = { readonly totalBytes: number; readonly usableBytes: number };
export type FileStat = { readonly sizeBytes: number; readonly modifiedMs: number; readonly isDirectory: boolean };
