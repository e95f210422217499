import { readdirSync, readFileSync } from 'node:fs';

export type OpenFiles = { readonly open: number; readonly max: number };

/** Descriptors of this process that are open, and how many may be; undefined where the system does not tell. */
export function openFiles(): OpenFiles | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    // The directory itself is open while it is listed.
    return { open: readdirSync('/proc/self/fd').length - 1, max: Number(limit?.[1] ?? -1) };
  } catch {
    return undefined;
  }
}
