import { multiOpSizeBytes } from './request-size.ts';
import type { CallOptions, TransactionOp, TransactionResult, ZooKeeperSession } from './session.ts';
import { multiOpAt } from './transaction.ts';
import { MultiError, type Outcome, ZooKeeperError } from './zookeeper-error.ts';

export type BatchOptions = {
  /** What every transaction begins with: the checks without which none of it may be done. */
  readonly prefix?: readonly TransactionOp[];
  /** The most that a transaction may have, without the chroot; one step alone may have more. 512 KiB, half of a packet. */
  readonly maxBytes?: number;
  /** The most steps of a transaction, those of the prefix not counted. */
  readonly maxOps?: number;
};

const DEFAULT_MAX_BYTES = 512 * 1024;
/** With this many a chroot of up to 500 bytes in front of each path does not make a packet too large. */
const DEFAULT_MAX_OPS = 1000;

/** What became of one transaction of many. `ops` are its steps without the prefix. */
export type BatchOutcome =
  | {
      readonly type: 'done';
      readonly ops: readonly TransactionOp[];
      /** What `ops` came to. */
      readonly results: readonly TransactionResult[];
    }
  | {
      readonly type: Outcome;
      readonly ops: readonly TransactionOp[];
      readonly error: ZooKeeperError;
      /** It was a step of the prefix that could not be done: no other batch will fare better. */
      readonly prefixFailed: boolean;
    };

/** Cuts a long list of steps, in their order, into lists that fit into a transaction each behind the prefix. */
export function cutBatches(
  ops: readonly TransactionOp[],
  { prefix = [], maxBytes = DEFAULT_MAX_BYTES, maxOps = DEFAULT_MAX_OPS }: BatchOptions = {},
): TransactionOp[][] {
  const prefixBytes = sizeBytes(prefix);
  const batches: TransactionOp[][] = [];
  let batch: TransactionOp[] = [];
  let batchBytes = prefixBytes;
  for (const op of ops) {
    const opBytes = sizeBytes([op]);
    if (batch.length > 0 && (batch.length >= maxOps || batchBytes + opBytes > maxBytes)) {
      batches.push(batch);
      batch = [];
      batchBytes = prefixBytes;
    }
    batch.push(op);
    batchBytes += opBytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * Does all the steps, in transactions that each begin with the prefix, without waiting for one before the next is sent. They
 * are executed in order; one that fails stops none of the others but by what its steps leave undone. Never rejects for
 * what a server said or left unsaid: the outcomes, in the order of the batches, say it.
 */
export function runBatches(
  session: ZooKeeperSession,
  ops: readonly TransactionOp[],
  options: BatchOptions & CallOptions = {},
): Promise<BatchOutcome[]> {
  const { prefix = [] } = options;
  return Promise.all(cutBatches(ops, options).map((batch) => runBatch(session, prefix, batch, options)));
}

async function runBatch(
  session: ZooKeeperSession,
  prefix: readonly TransactionOp[],
  ops: readonly TransactionOp[],
  options: CallOptions,
): Promise<BatchOutcome> {
  try {
    const results = await session.multi([...prefix, ...ops], options);
    return { type: 'done', ops, results: results.slice(prefix.length) };
  } catch (error) {
    if (!(error instanceof ZooKeeperError)) throw error;
    const prefixFailed = error instanceof MultiError && error.index < prefix.length;
    return { type: error.outcome, ops, error, prefixFailed };
  }
}

function sizeBytes(ops: readonly TransactionOp[]): number {
  return ops.reduce((sum, op) => sum + multiOpSizeBytes(multiOpAt(op, op.path)), 0);
}
