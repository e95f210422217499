import { isAbsolute } from 'node:path';
import { KafkaError } from '@barnabas/model';

/** As Java's `File` prints a path: without doubled slashes, or one at the end. */
export const tidyPath = (path: string): string => path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');

/** As `File.getAbsolutePath` has it: `..` stays. */
export const absolutePath = (path: string): string => (isAbsolute(path) ? path : `${process.cwd()}/${path}`);

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** From the last dot of the name on; empty where there is none. */
export const suffixOf = (path: string): string => /\.[^.]*$/.exec(nameOf(path))?.[0] ?? '';

/** The file beside this one that begins at the same offset. */
export const siblingOf = (path: string, suffix: string): string => {
  const name = nameOf(path);
  const [stem = ''] = name.split('.');
  return `${path.slice(0, path.length - name.length)}${stem}${suffix}`;
};

/** The offset that a file is named by. Throws KafkaError INVALID_REQUEST for another name. */
export const baseOffsetOfName = (path: string): number => {
  const [stem = ''] = nameOf(path).split('.');
  const offset = /^\d+$/.test(stem) ? Number(stem) : Number.NaN;
  if (Number.isSafeInteger(offset)) return offset;
  throw new KafkaError('INVALID_REQUEST', `${path} is not named by an offset, as files of a log are`);
};
