import { randomBytes } from 'node:crypto';
import { KafkaError } from '@barnabas/model';
import { ATTRIBUTES_AT, BATCH_HEADER_BYTES, CRC_AT, crc32c } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { EPOCH, marker, produced } from './batches.ts';
import { LogContext } from './log-context.ts';

const named = (error: string) => expect.objectContaining({ error });

/** Its checksum is right, and its records cannot be decompressed. */
const undecodable = (sizeBytes: number): Buffer => {
  const small = produced({ codec: 'zstd' });
  const bytes = Buffer.concat([small, randomBytes(sizeBytes - small.length)]);
  bytes.fill(0xff, BATCH_HEADER_BYTES);
  bytes.writeInt32BE(sizeBytes - 12, 8);
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), CRC_AT);
  return bytes;
};

describe('appendAsLeader', () => {
  it('refuses two batches of a coordinator at a time, with nothing appended', async () => {
    const context = await LogContext.create();
    const two = Buffer.concat([produced(), produced()]);
    expect(() => context.log.appendAsLeader(two, EPOCH, 'coordinator')).toThrow(named('INVALID_RECORD'));
    expect([context.log.endOffset, context.log.sizeBytes]).toEqual([0, 0]);
    await context.log.appendAsLeader(marker('commit', 7), EPOCH, 'coordinator').acknowledged;
    await context.reopen('killed');
    expect(await context.ranges()).toEqual([[0, 0]]);
  });

  it('refuses a batch that no segment can hold', async () => {
    const context = await LogContext.create({ config: { segmentBytes: 200 } });
    const bytes = produced({ valueBytes: 500 });
    expect(() => context.log.appendAsLeader(bytes, EPOCH)).toThrow(named('RECORD_LIST_TOO_LARGE'));
    expect([context.log.endOffset, context.log.sizeBytes]).toEqual([0, 0]);
    await context.append(produced());
  });

  it.each([
    ['keys are looked at', { cleanupPolicy: ['compact' as const] }],
    ['times are looked at', { messageTimestampBeforeMaxMs: 1 }],
    ['it is compressed anew', { compressionType: 'gzip' as const }],
  ])('refuses what is too large before it is decompressed, where %s', async (_, config) => {
    const context = await LogContext.create({ config: { maxMessageBytes: 1000, ...config } });
    expect(() => context.log.appendAsLeader(undecodable(900), EPOCH)).not.toThrow(named('MESSAGE_TOO_LARGE'));
    expect(() => context.log.appendAsLeader(undecodable(1001), EPOCH)).toThrow(named('MESSAGE_TOO_LARGE'));
    expect(context.log.endOffset).toBe(0);
  });
});

describe('offsetForTimestamp', () => {
  it.each([-4, -5, -100])('refuses %i, which stands for nothing', async (timestamp) => {
    const context = await LogContext.create();
    await context.append(produced());
    const found = context.log.offsetForTimestamp(timestamp);
    await expect(found).rejects.toThrow(KafkaError);
    await expect(found).rejects.toMatchObject({ error: 'INVALID_REQUEST' });
    expect(context.openManager.failures).toEqual([]);
  });
});
