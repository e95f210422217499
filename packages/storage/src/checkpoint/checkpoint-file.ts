/**
 * The shape that all checkpoint files share: text, each line ended by a newline.
 *
 *   line 1   0, the version
 *   line 2   the number of entries
 *   line 3.. one entry each, its fields parted by one space
 *
 * Source: Kafka's CheckpointFile.
 */
import { MalformedFileError } from '../malformed-file-error.ts';

const VERSION = '0';
/** The line that the first entry is on. */
export const FIRST_ENTRY_LINE = 3;

/** @param lines one entry each, without the newline */
export function formatCheckpoint(lines: readonly string[]): Buffer {
  return Buffer.from([VERSION, String(lines.length), ...lines, ''].join('\n'));
}

/**
 * The lines of the entries.
 *
 * @throws MalformedFileError for an unknown version, a count that disagrees, a last line that is not ended
 */
export function parseCheckpoint(text: string, file: string): string[] {
  const lines = text.split('\n');
  const unended = lines.pop();
  if (unended !== '') throw new MalformedFileError(file, { line: lines.length + 1 }, 'the last line is not ended');
  const [version, count, ...entries] = lines;
  if (version !== VERSION) {
    throw new MalformedFileError(file, { line: 1 }, `the version is ${quoted(version)}, ${VERSION} is known`);
  }
  const expected = parseCheckpointNumber(count, file, 2);
  if (expected !== entries.length) {
    throw new MalformedFileError(file, { line: 2 }, `${expected} entries are announced, ${entries.length} follow`);
  }
  return entries;
}

/**
 * The fields of an entry.
 *
 * @param line its line in the file, from 1
 * @throws MalformedFileError if there are not as many as named
 */
export function parseCheckpointEntry(entry: string, names: readonly string[], file: string, line: number): string[] {
  const fields = entry.split(' ');
  if (fields.length !== names.length) {
    throw new MalformedFileError(file, { line }, `${quoted(entry)} is not of the form "${names.join(' ')}"`);
  }
  return fields;
}

/** @throws MalformedFileError if it is not an integer from 0 to `max` */
export function parseCheckpointNumber(
  text: string | undefined,
  file: string,
  line: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || value > max) {
    throw new MalformedFileError(file, { line }, `${quoted(text)} is not a number from 0 to ${max}`);
  }
  return value;
}

/** For a message: at most 80 characters of what was found. */
const quoted = (text: string | undefined): string => JSON.stringify(text?.slice(0, 80) ?? '');
