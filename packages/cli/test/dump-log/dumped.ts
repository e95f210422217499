import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ATTRIBUTES_AT, type BatchInput, buildBatch, CRC_AT, crc32c } from '@barnabas/protocol';
import { afterEach, beforeEach } from 'vitest';
import { type CapturedRun, capturedRun } from '../captured-run.ts';

type TemporaryLog = {
  pathOf(name: string): string;
  write(name: string, bytes: Buffer): void;
  /** The last argument is the file's name; its directory is left out of what is printed. */
  dump(...args: string[]): Promise<CapturedRun>;
};

/** A directory for the files of a log, made anew for each test of the file that calls this. */
export const temporaryLog = (): TemporaryLog => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'dump-log-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  return {
    pathOf: (name) => join(directory, name),
    write(name, bytes) {
      writeFileSync(join(directory, name), bytes);
    },
    async dump(...args) {
      const path = join(directory, args.at(-1) ?? '');
      const { exit, out, err } = await capturedRun(['dump-log', ...args.slice(0, -1), '--files', path]);
      return { exit, out: out.replaceAll(`${directory}/`, ''), err: err.replaceAll(`${directory}/`, '') };
    },
  };
};

/** A batch at an offset; records without a timestamp of their own have that of their place in it. */
export const batchAt = (baseOffset: number, values: readonly string[], more: Partial<BatchInput> = {}): Buffer => {
  const records = values.map((value, index) => ({ timestamp: 1000 + index, key: null, value: Buffer.from(value) }));
  return buildBatch({ records, ...more, baseOffset: baseOffset as NonNullable<BatchInput['baseOffset']> });
};

/** Changes a batch and gives it the right checksum again. */
export const reseal = (batch: Buffer, change: (batch: Buffer) => void): Buffer => {
  change(batch);
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_AT, batch.length), CRC_AT);
  return batch;
};
