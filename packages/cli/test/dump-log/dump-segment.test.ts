import { producerId } from '@barnabas/model';
import { buildBatch, buildEndTransactionMarker } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { batchAt, reseal, temporaryLog } from './dumped.ts';

const linesAfterName = (out: string): string[] => out.trimEnd().split('\n').slice(2);

describe('the dump of a log', () => {
  const log = temporaryLog();

  it('counts what follows the last whole batch', async () => {
    const batch = batchAt(0, ['value']);
    log.write('0.log', Buffer.concat([batch, batch.subarray(0, 40)]));
    const { exit, out } = await log.dump('0.log');
    expect(exit).toBe(0);
    expect(linesAfterName(out)).toEqual([
      expect.stringContaining('baseOffset: 0 lastOffset: 0 '),
      'Found 40 invalid bytes at the end of 0.log',
    ]);
  });

  it('says nothing of the rest where it was told to read so much only', async () => {
    log.write('0.log', Buffer.concat([batchAt(0, ['a']), batchAt(1, ['b'])]));
    const { out } = await log.dump('--max-bytes', '100', '0.log');
    expect(linesAfterName(out)).toHaveLength(1);
  });

  it('goes on after a batch with a wrong checksum', async () => {
    const bad = batchAt(0, ['one']);
    bad.writeUInt8(120, bad.length - 2);
    log.write('0.log', Buffer.concat([bad, batchAt(1, ['two'])]));
    const { exit, out } = await log.dump('--print-data-log', '0.log');
    expect(exit).toBe(0);
    expect(linesAfterName(out)).toEqual([
      expect.stringMatching(/ isvalid: false$/),
      expect.stringMatching(/ payload: onx$/),
      expect.stringMatching(/ isvalid: true$/),
      expect.stringMatching(/ payload: two$/),
    ]);
  });

  it('stops at zeros, and names the place', async () => {
    const batch = batchAt(0, ['a']);
    log.write('0.log', Buffer.concat([batch, Buffer.alloc(100)]));
    const { exit, err } = await log.dump('0.log');
    expect([exit, err]).toEqual([
      1,
      `barnabas: 0.log is malformed at byte ${batch.length}: a batch of length 0; none is under 14\n`,
    ]);
  });

  it('looks at no rest that is shorter than the common part of all headers', async () => {
    log.write('0.log', Buffer.concat([batchAt(0, ['a']), Buffer.alloc(17)]));
    log.write('1.log', Buffer.concat([batchAt(0, ['a']), Buffer.alloc(18)]));
    expect(linesAfterName((await log.dump('0.log')).out)[1]).toBe('Found 17 invalid bytes at the end of 0.log');
    expect((await log.dump('1.log')).exit).toBe(1);
  });

  it('refuses messages of a format before 0.11', async () => {
    const old = batchAt(0, ['a']);
    old.writeInt8(1, 16);
    log.write('0.log', Buffer.concat([batchAt(0, ['a']), old]));
    const { exit, out, err } = await log.dump('0.log');
    expect(linesAfterName(out)).toHaveLength(1);
    expect([exit, err]).toEqual([1, expect.stringMatching(/format 1, of Kafka before 0\.11, at byte \d+\n$/)]);
  });

  it('prints the first part of a batch with an unknown codec, and stops', async () => {
    const batch = reseal(batchAt(0, ['a']), (bytes) => bytes.writeInt16BE(7, 21));
    log.write('0.log', batch);
    const { exit, out, err } = await log.dump('0.log');
    expect(out).toMatch(/deleteHorizonMs: OptionalLong.empty$/);
    expect([exit, err]).toEqual([1, 'barnabas: 0.log has a batch with the unknown codec 7 at byte 0\n']);
  });

  it('prints records up to the one that cannot be read, but none of a compressed batch', async () => {
    const values = ['first', 'second', 'third'];
    const miscount = (batch: Buffer) => batch.writeInt32BE(4, 57);
    log.write('0.log', reseal(batchAt(0, values), miscount));
    log.write('1.log', reseal(batchAt(0, values, { codec: 'gzip' }), miscount));
    const plain = await log.dump('--print-data-log', '0.log');
    expect(linesAfterName(plain.out)).toHaveLength(4);
    expect(plain.err).toMatch(/^barnabas: 0\.log is malformed at byte \d+: /);
    const compressed = await log.dump('--print-data-log', '1.log');
    expect(linesAfterName(compressed.out)).toHaveLength(1);
    expect(compressed.err).toMatch(/^barnabas: 1\.log, batch at byte 0: /);
  });

  it('does not print the last record where more bytes follow', async () => {
    log.write(
      '0.log',
      reseal(batchAt(0, ['first', 'second', 'third']), (batch) => batch.writeInt32BE(2, 57)),
    );
    const { out, err } = await log.dump('--print-data-log', '0.log');
    expect(linesAfterName(out)).toEqual([expect.any(String), expect.stringMatching(/payload: first$/)]);
    expect(err).toMatch(/^barnabas: 0\.log is malformed at byte \d+: \d+ bytes after the last record\n$/);
  });

  it('prints 64 bits to the last digit', async () => {
    const nanoseconds = 1_700_000_000_123_456_789n;
    const batch = reseal(batchAt(0, ['a', 'b']), (bytes) => {
      bytes.writeBigInt64BE(nanoseconds, 27);
      bytes.writeBigInt64BE(nanoseconds + 1n, 35);
      bytes.writeBigInt64BE(2n ** 63n - 1n, 43);
    });
    log.write('0.log', batch);
    const { out } = await log.dump('--deep-iteration', '0.log');
    const [header, first, second] = linesAfterName(out);
    expect(header).toContain('producerId: 9223372036854775807 ');
    expect(header).toContain('CreateTime: 1700000000123456790 ');
    expect(first).toContain('offset: 0 CreateTime: 1700000000123456789 ');
    expect(second).toContain('offset: 1 CreateTime: 1700000000123456790 ');
  });

  it('tells gaps between offsets, the last first', async () => {
    log.write('0.log', Buffer.concat([batchAt(0, ['a', 'b']), batchAt(5, ['c']), batchAt(9, ['d'])]));
    const { err } = await log.dump('--deep-iteration', '0.log');
    expect(err).toBe('Non-consecutive offsets in 0.log\n  5 is followed by 9\n  1 is followed by 5\n');
    expect((await log.dump('0.log')).err).toBe('');
  });

  it('prints markers of transactions, and names control records of other types', async () => {
    const marker = buildEndTransactionMarker({
      kind: 'commit',
      producerId: producerId(1),
      producerEpoch: 0,
      coordinatorEpoch: 3,
      timestamp: 5,
    });
    const other = buildBatch({
      records: [{ timestamp: 5, key: Buffer.from([0, 0, 0, 2]), value: Buffer.alloc(0) }],
      control: true,
    });
    log.write('0.log', Buffer.concat([marker, other]));
    const { out } = await log.dump('--print-data-log', '0.log');
    const records = linesAfterName(out).filter((line) => line.startsWith('|'));
    expect(records[0]).toMatch(/headerKeys: \[] endTxnMarker: COMMIT coordinatorEpoch: 3$/);
    expect(records[1]).toMatch(/headerKeys: \[] controlType: LEADER_CHANGE\(2\)$/);
    expect(linesAfterName((await log.dump('--deep-iteration', '--skip-record-metadata', '0.log')).out)[1]).toBe('');
  });
});
