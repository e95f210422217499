import { KafkaError } from '@barnabas/model';
import { attributesOf, codecOf } from '@barnabas/protocol';
import { MalformedFileError } from '@barnabas/storage';
import { batchIdentity, batchPlacement } from './batch-line.ts';
import { recordsOf } from './batch-records.ts';
import { type BatchView, BatchWalk } from './batch-walk.ts';
import { type DumpContext, withWindow } from './dump-context.ts';
import { baseOffsetOfName, nameOf } from './file-name.ts';
import type { FileWindow } from './file-window.ts';
import { addInt64, type Int64 } from './int64.ts';
import { RecordFault } from './record-cursor.ts';
import { recordPrinter } from './record-line.ts';

/**
 * Prints a `.log`: a line for each batch, and if so asked one for each record. Rejects with an error that names file and
 * position where the file cannot be read further; what came before is printed.
 */
export const dumpSegment = async (context: DumpContext, path: string): Promise<void> => {
  const { fs, options, output } = context;
  for (const notice of options.notices) output.print(`${notice}\n`);
  output.print(`Log starting offset: ${baseOffsetOfName(path)}\n`);
  await withWindow(fs, path, async (window) => {
    const end = Math.min(window.sizeBytes, options.maxBytes ?? Number.POSITIVE_INFINITY);
    const validBytes = await dumpBatches(context, window, end);
    const invalidBytes = end - validBytes;
    if (invalidBytes > 0 && options.maxBytes === undefined) {
      output.print(`Found ${invalidBytes} invalid bytes at the end of ${nameOf(path)}\n`);
    }
  });
};

/** Answers where the last whole batch ends. */
const dumpBatches = async (context: DumpContext, window: FileWindow, end: number): Promise<number> => {
  const { options, output } = context;
  const walk = new BatchWalk(window, 0, end);
  const records = options.deepIteration ? new RecordDump(context, window.path) : undefined;
  for (let batch = await walk.next('whole'); batch !== undefined; batch = await walk.next('whole')) {
    output.print(batchIdentity(batch));
    refuseUnknownCodec(window.path, batch);
    output.print(batchPlacement(batch));
    if (records !== undefined) await records.print(batch);
    if (output.isFull) await output.drain();
  }
  return walk.position;
};

const refuseUnknownCodec = (path: string, { bytes, at, position }: BatchView): void => {
  if (codecOf(bytes, at) !== undefined) return;
  const message = `${path} has a batch with the unknown codec ${attributesOf(bytes, at) & 0x07} at byte ${position}`;
  throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE', message);
};

/** Prints the records of one file, batch after batch, and notes where an offset does not follow the one before. */
class RecordDump {
  readonly #context: DumpContext;
  readonly #path: string;
  #lastOffset: Int64 = -1;

  constructor(context: DumpContext, path: string) {
    this.#context = context;
    this.#path = path;
  }

  async print(batch: BatchView): Promise<void> {
    const { output, options } = this.#context;
    const style = { skipMetadata: options.skipRecordMetadata, decoder: options.decoder };
    const printRecord = recordPrinter(batch, style, output);
    try {
      const records = recordsOf(batch);
      while (records.next()) {
        this.#noteGap(records.offset);
        printRecord(records);
        if (output.isFull) await output.drain();
      }
    } catch (error) {
      throw this.#placed(error, batch);
    }
  }

  #noteGap(offset: Int64): void {
    if (this.#lastOffset !== -1 && offset !== addInt64(this.#lastOffset, 1)) {
      this.#context.findings.gap(this.#path, this.#lastOffset, offset);
    }
    this.#lastOffset = offset;
  }

  /** With the file and the byte in it: of the batch where it is about a record within a compressed stream. */
  #placed(error: unknown, { at, position }: BatchView): unknown {
    if (error instanceof RecordFault) {
      return new MalformedFileError(this.#path, { byte: position + error.at - at }, error.message, { cause: error });
    }
    if (!(error instanceof KafkaError)) return error;
    const message = `${this.#path}, batch at byte ${position}: ${error.message}`;
    return new KafkaError(error.error, message, { cause: error });
  }
}
