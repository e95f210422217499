/** An error as the operating system's calls give it: `code` is ENOENT, EBADF, EIO... */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

/** Makes a `SystemError` where the system itself was not asked, with a message of the same form as its own. */
export function systemError(code: string, syscall: string, path?: string): SystemError {
  const message = path === undefined ? `${code}, ${syscall}` : `${code}, ${syscall} '${path}'`;
  return Object.assign(new Error(message), { code, syscall }, path === undefined ? {} : { path });
}
