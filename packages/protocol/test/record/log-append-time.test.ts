import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { buildBatch } from '../../src/record/batch-builder.ts';
import { checkBatch } from '../../src/record/batch-check.ts';
import { baseTimestampOf, codecOf, maxTimestampOf, timestampTypeOf } from '../../src/record/batch-header.ts';
import { stampLogAppendTime } from '../../src/record/log-append-time.ts';

describe('stampLogAppendTime', () => {
  it('sets type, largest timestamp and checksum of that batch, and nothing else', () => {
    const batch = buildBatch({
      codec: 'lz4',
      baseOffset: offset(3),
      records: [{ timestamp: 1, key: null, value: null }],
    });
    const bytes = Buffer.concat([batch, batch]);
    stampLogAppendTime(bytes, batch.length, 99);
    expect(bytes.subarray(0, batch.length)).toEqual(batch);
    expect(checkBatch(bytes, batch.length)).toBe(batch.length);
    expect(timestampTypeOf(bytes, batch.length)).toBe('LogAppendTime');
    expect(maxTimestampOf(bytes, batch.length)).toBe(99);
    expect(baseTimestampOf(bytes, batch.length)).toBe(1);
    expect(codecOf(bytes, batch.length)).toBe('lz4');
  });
});
