import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Enough for the lines that anyone reads. */
const WINDOW_BYTES = 64 * 1024;

/** The last `count` lines of a file that were written from byte `start` on. */
export function lastLines(path: string, start: number, count: number): string[] {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const from = Math.max(start, size - WINDOW_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - from));
    const length = readSync(file, bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8', 0, length).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(file);
  }
}
