declare module 'fs-native-extensions' {
  /**
   * Takes an exclusive lock on the whole file, open for writing as `fd`, and tells whether it got it. On Linux an open
   * file description lock: it belongs to this opening of the file, and ends when that is closed or the process ends.
   */
  export function tryLock(fd: number): boolean;
}
