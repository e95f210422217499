import { type BatchInput, buildBatch } from '@barnabas/protocol';

/** A batch as a producer sends it, of so many records unless others are given. */
export const batchOf = (count: number, options: Partial<BatchInput> = {}): Buffer =>
  buildBatch({
    records: Array.from({ length: count }, (_, at) => ({
      timestamp: 1_700_000_000_000 + at,
      key: null,
      value: Buffer.from(`v${at}`),
      headers: [],
    })),
    ...options,
  });
