import { describe, expect, it } from 'vitest';
import { batchAt, temporaryLog } from './dumped.ts';

const FIRST = batchAt(10, ['a', 'b']);
const SECOND = batchAt(12, ['c']);

const indexOf = (...entries: readonly (readonly [offset: number, position: number])[]): Buffer => {
  const bytes = Buffer.alloc(8 * entries.length);
  entries.forEach(([offset, position], i) => {
    bytes.writeInt32BE(offset - 10, 8 * i);
    bytes.writeInt32BE(position, 8 * i + 4);
  });
  return bytes;
};

describe('the dump of an offset index', () => {
  const log = temporaryLog();
  const writeWith = (index: Buffer): void => {
    log.write('10.log', Buffer.concat([FIRST, SECOND]));
    log.write('10.index', index);
  };

  it('tells where the log has other offsets, the last first', async () => {
    writeWith(indexOf([11, FIRST.length], [12, 0], [12, FIRST.length]));
    expect(await log.dump('10.index')).toEqual({
      exit: 0,
      out: `Dumping 10.index\noffset: 11 position: ${FIRST.length}\noffset: 12 position: 0\noffset: 12 position: ${FIRST.length}\n`,
      err: 'Mismatches in :10.index\n  Index offset: 12, log offset: 11\n  Index offset: 11, log offset: 12\n',
    });
    expect((await log.dump('--verify-index-only', '10.index')).out).toBe('Dumping 10.index\n');
  });

  it('ends at the zeros of preallocation', async () => {
    writeWith(Buffer.concat([indexOf([11, 0]), Buffer.alloc(80)]));
    expect((await log.dump('10.index')).out).toBe('Dumping 10.index\noffset: 11 position: 0\n');
  });

  it('says where there is no entry', async () => {
    writeWith(Buffer.alloc(0));
    expect((await log.dump('--index-sanity-check', '10.index')).out).toBe('Dumping 10.index\n10.index is empty.\n');
  });

  it.each([
    ['beyond the log', indexOf([12, 5000]), 'points to byte 5000 of the log, where no batch'],
    ['before it', indexOf([12, -1]), 'points to byte -1 of the log, where no batch'],
    ['to its end', indexOf([12, FIRST.length + SECOND.length]), 'of the log, where no batch'],
  ])('refuses an entry that points %s', async (_, index, reason) => {
    writeWith(index);
    const { exit, out, err } = await log.dump('10.index');
    expect([exit, out]).toEqual([1, 'Dumping 10.index\n']);
    expect(err).toContain('10.index is malformed at byte 0: for offset 12 it ');
    expect(err).toContain(reason);
  });

  it('refuses an entry whose batch is larger than was said', async () => {
    writeWith(indexOf([12, FIRST.length]));
    expect((await log.dump('--max-message-size', String(SECOND.length), '10.index')).exit).toBe(0);
    expect((await log.dump('--max-message-size', String(SECOND.length - 1), '10.index')).exit).toBe(1);
  });

  it.each([
    ['a part of an entry', Buffer.concat([indexOf([11, 0]), Buffer.alloc(3)]), 8],
    ['a last offset below the first', indexOf([11, 0], [9, 100]), 8],
  ])('does not let %s pass the sanity check', async (_, index, byte) => {
    writeWith(index);
    const { exit, err } = await log.dump('--index-sanity-check', '10.index');
    expect([exit, err]).toEqual([1, expect.stringContaining(`10.index is malformed at byte ${byte}: `)]);
  });
});
