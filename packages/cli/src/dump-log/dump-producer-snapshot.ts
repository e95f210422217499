import { decodeProducerSnapshot, MalformedFileError, type ProducerSnapshotEntry } from '@barnabas/storage';
import { type DumpContext, refuseDirectory } from './dump-context.ts';
import { type Int64, int64At } from './int64.ts';

// Where the timestamp of an entry is, which is printed to the last digit; producer-snapshot.ts of the storage has the
// layout.
const HEADER_BYTES = 10;
const ENTRY_BYTES = 46;
const TIMESTAMP_AT = 26;

const SEQUENCES = 2 ** 31;

/**
 * Prints the `.snapshot` of a partition's producers. One that is damaged is told of and passed over, as a broker passes
 * it over and takes an older one.
 */
export const dumpProducerSnapshot = async ({ fs, output, warn }: DumpContext, path: string): Promise<void> => {
  await refuseDirectory(fs, path);
  const bytes = await fs.readFile(path);
  try {
    decodeProducerSnapshot(bytes, path).forEach((entry, index) => {
      output.print(entryLine(entry, int64At(bytes, HEADER_BYTES + index * ENTRY_BYTES + TIMESTAMP_AT)));
    });
  } catch (error) {
    if (!(error instanceof MalformedFileError)) throw error;
    warn(error.message);
  }
};

const entryLine = (entry: ProducerSnapshotEntry, timestamp: Int64): string => {
  const { currentTxnFirstOffset: transaction, lastBatch } = entry;
  const state =
    `producerId: ${entry.producerId} producerEpoch: ${entry.producerEpoch} ` +
    `coordinatorEpoch: ${entry.coordinatorEpoch} ` +
    `currentTxnFirstOffset: ${transaction === undefined ? 'OptionalLong.empty' : `OptionalLong[${transaction}]`} ` +
    `lastTimestamp: ${timestamp} `;
  if (lastBatch === undefined) return `${state}\n`;
  const { lastSequence, lastOffset, offsetDelta } = lastBatch;
  const firstSequence = lastSequence - offsetDelta + (lastSequence < offsetDelta ? SEQUENCES : 0);
  return (
    `${state}firstSequence: ${firstSequence} lastSequence: ${lastSequence} ` +
    `lastOffset: ${lastOffset} offsetDelta: ${offsetDelta} timestamp: ${timestamp}\n`
  );
};
