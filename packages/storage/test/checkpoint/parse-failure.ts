import * as fc from 'fast-check';
import { expect } from 'vitest';
import { MalformedFileError } from '../../src/malformed-file-error.ts';

export const FILE = '/data/some-file';

/** The error that it throws, which must be the one for malformed files. */
export function malformed(parse: () => unknown): MalformedFileError {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedFileError);
    if (error instanceof MalformedFileError) return error;
  }
  throw new Error('nothing was thrown');
}

/** Answers or throws MalformedFileError, which names the file. */
function answersOrRefuses(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    if (!(error instanceof MalformedFileError) || error.file !== FILE) throw error;
  }
}

/** Holds a parser to it that random bytes, and good ones with some bytes changed, cut or added, never break it. */
export function expectNoCrash(good: Buffer, parse: (bytes: Buffer, file: string) => unknown): void {
  const anyBytes = fc.uint8Array({ maxLength: 200 });
  const mutated = fc
    .record({ at: fc.nat(good.length), remove: fc.nat(8), insert: fc.uint8Array({ maxLength: 8 }) })
    .map(({ at, remove, insert }) => Buffer.concat([good.subarray(0, at), insert, good.subarray(at + remove)]));
  fc.assert(
    fc.property(fc.oneof(anyBytes, mutated), (bytes) => answersOrRefuses(() => parse(Buffer.from(bytes), FILE))),
    { numRuns: 2000 },
  );
}
