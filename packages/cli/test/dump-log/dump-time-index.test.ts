import { describe, expect, it } from 'vitest';
import { batchAt, temporaryLog } from './dumped.ts';

const FIRST = batchAt(10, ['a', 'b']);
const SECOND = batchAt(12, ['c'], { records: [{ timestamp: 5000, key: null, value: null }] });
const EMPTY = Buffer.alloc(0);

const timeIndexOf = (...entries: readonly (readonly [timestamp: number | bigint, offset: number])[]): Buffer => {
  const bytes = Buffer.alloc(12 * entries.length);
  entries.forEach(([timestamp, offset], i) => {
    bytes.writeBigInt64BE(BigInt(timestamp), 12 * i);
    bytes.writeInt32BE(offset - 10, 12 * i + 8);
  });
  return bytes;
};

const offsetIndexOf = (offset: number, position: number, sizeBytes = 8): Buffer => {
  const bytes = Buffer.alloc(sizeBytes);
  bytes.writeInt32BE(offset - 10, 0);
  bytes.writeInt32BE(position, 4);
  return bytes;
};

describe('the dump of a time index', () => {
  const log = temporaryLog();
  const writeWith = (timeIndex: Buffer, offsetIndex: Buffer = EMPTY): void => {
    log.write('10.log', Buffer.concat([FIRST, SECOND]));
    log.write('10.index', offsetIndex);
    log.write('10.timeindex', timeIndex);
  };

  it('agrees with a log that has these timestamps', async () => {
    writeWith(timeIndexOf([1001, 11], [5000, 12]), offsetIndexOf(12, FIRST.length));
    expect(await log.dump('10.timeindex')).toEqual({
      exit: 0,
      out: 'Dumping 10.timeindex\ntimestamp: 1001 offset: 11\ntimestamp: 5000 offset: 12\n',
      err: '',
    });
    expect((await log.dump('--verify-index-only', '10.timeindex')).out).toBe('Dumping 10.timeindex\n');
  });

  it('tells of other timestamps, of their order, and of offsets that the log does not have', async () => {
    writeWith(timeIndexOf([2n ** 60n, 11], [5000, 12], [6000, 13], [7000, 10]).subarray(0, 36));
    const { exit, err } = await log.dump('10.timeindex');
    expect([exit, err.split('\n')]).toEqual([
      0,
      [
        'Found timestamp mismatch in :10.timeindex',
        '  Index timestamp: 1152921504606846976, log timestamp: 1001',
        'Found out of order timestamp in :10.timeindex',
        '  Index timestamp: 5000, Previously indexed timestamp: 1152921504606846976',
        'The following indexed offsets are not found in the log.',
        'Indexed offset: 13, found log offset: -1',
        '',
      ],
    ]);
  });

  it('tells the next offset where none ends with the one in the index', async () => {
    writeWith(timeIndexOf([1000, 10]));
    expect((await log.dump('10.timeindex')).err).toContain('Indexed offset: 10, found log offset: 11\n');
  });

  it('finds its way from the start where a preallocated index is ahead of the log', async () => {
    writeWith(timeIndexOf([5000, 12]), offsetIndexOf(12, 9000, 80));
    expect(await log.dump('10.timeindex')).toMatchObject({ exit: 0, err: '' });
  });

  it('refuses a closed index that is', async () => {
    writeWith(timeIndexOf([5000, 12]), offsetIndexOf(12, 9000));
    const { exit, err } = await log.dump('10.timeindex');
    expect([exit, err]).toEqual([1, expect.stringContaining('the index points to byte 9000 of')]);
  });

  it.each([
    ['an empty file', EMPTY, 0],
    ['rising timestamps', timeIndexOf([1001, 11], [5000, 12]), 0],
    ['zeros after a timestamp', Buffer.concat([timeIndexOf([1001, 11]), Buffer.alloc(12)]), 1],
    ['a last offset below the first', timeIndexOf([1001, 9]), 1],
    ['a part of an entry', Buffer.concat([timeIndexOf([1001, 11]), Buffer.alloc(5)]), 1],
  ])('checks the sanity of %s', async (_, timeIndex, exit) => {
    writeWith(timeIndex);
    const run = await log.dump('--index-sanity-check', '10.timeindex');
    expect(run.exit).toBe(exit);
    expect(run.out.endsWith('10.timeindex passed sanity check.\n')).toBe(exit === 0);
  });
});
