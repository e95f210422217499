import { absolutePath } from './file-name.ts';
import type { Int64 } from './int64.ts';

type Pairs = Map<string, Int64[]>;

/**
 * What does not fit together, gathered over all files and told at the end, in the words and the order within a file of
 * Kafka's tool. Pairs lie flat in one list for each file: a compacted log can have millions of gaps.
 */
export class Findings {
  readonly #indexMismatches: Pairs = new Map();
  readonly #timestampMismatches: Pairs = new Map();
  readonly #timestampsOutOfOrder: Pairs = new Map();
  readonly #offsetsNotFound: Pairs = new Map();
  readonly #gaps: Pairs = new Map();

  /** An index entry points to a batch that ends with another offset. */
  indexMismatch(file: string, indexOffset: Int64, logOffset: Int64): void {
    addPair(this.#indexMismatches, file, indexOffset, logOffset);
  }

  /** The batch of a time index entry has another largest timestamp. */
  timestampMismatch(file: string, indexTimestamp: Int64, logTimestamp: Int64): void {
    addPair(this.#timestampMismatches, file, indexTimestamp, logTimestamp);
  }

  timestampOutOfOrder(file: string, timestamp: Int64, previousTimestamp: Int64): void {
    addPair(this.#timestampsOutOfOrder, file, timestamp, previousTimestamp);
  }

  /** No batch ends with the offset of a time index entry; `logOffset` is where the next one ends, or -1. */
  offsetNotFound(file: string, indexOffset: Int64, logOffset: Int64): void {
    addPair(this.#offsetsNotFound, file, indexOffset, logOffset);
  }

  /** A record does not have the offset after the one before it. */
  gap(file: string, offset: Int64, nextOffset: Int64): void {
    addPair(this.#gaps, file, offset, nextOffset);
  }

  /** Tells all, line by line; none where all is well. */
  tell(line: (text: string) => void): void {
    for (const [file, pairs] of this.#indexMismatches) {
      line(`Mismatches in :${file}`);
      eachPairFromLast(pairs, (offset, inLog) => line(`  Index offset: ${offset}, log offset: ${inLog}`));
    }
    for (const [file, pairs] of this.#timestampMismatches) {
      line(`Found timestamp mismatch in :${file}`);
      eachPair(pairs, (timestamp, inLog) => line(`  Index timestamp: ${timestamp}, log timestamp: ${inLog}`));
    }
    for (const [file, pairs] of this.#timestampsOutOfOrder) {
      line(`Found out of order timestamp in :${file}`);
      eachPair(pairs, (timestamp, before) =>
        line(`  Index timestamp: ${timestamp}, Previously indexed timestamp: ${before}`),
      );
    }
    for (const pairs of this.#offsetsNotFound.values()) {
      line('The following indexed offsets are not found in the log.');
      eachPair(pairs, (offset, inLog) => line(`Indexed offset: ${offset}, found log offset: ${inLog}`));
    }
    for (const [file, pairs] of this.#gaps) {
      line(`Non-consecutive offsets in ${file}`);
      eachPairFromLast(pairs, (offset, next) => line(`  ${offset} is followed by ${next}`));
    }
  }
}

const addPair = (pairs: Pairs, file: string, first: Int64, second: Int64): void => {
  const path = absolutePath(file);
  const list = pairs.get(path);
  if (list === undefined) pairs.set(path, [first, second]);
  else list.push(first, second);
};

const eachPair = (pairs: Int64[], tell: (first: Int64, second: Int64) => void): void => {
  for (let i = 0; i < pairs.length; i += 2) tell(pairs[i] ?? -1, pairs[i + 1] ?? -1);
};

const eachPairFromLast = (pairs: Int64[], tell: (first: Int64, second: Int64) => void): void => {
  for (let i = pairs.length - 2; i >= 0; i -= 2) tell(pairs[i] ?? -1, pairs[i + 1] ?? -1);
};
