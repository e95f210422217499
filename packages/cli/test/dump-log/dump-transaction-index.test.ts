import { describe, expect, it } from 'vitest';
import { temporaryLog } from './dumped.ts';

const entry = (version: number, ...numbers: readonly bigint[]): Buffer => {
  const bytes = Buffer.alloc(34);
  bytes.writeInt16BE(version, 0);
  numbers.forEach((number, i) => {
    bytes.writeBigInt64BE(number, 2 + 8 * i);
  });
  return bytes;
};

describe('the dump of a transaction index', () => {
  const log = temporaryLog();

  it('prints what is there, also where it cannot be', async () => {
    log.write('0.txnindex', Buffer.concat([entry(0, 7n, 9n, 4n, 2n ** 62n), entry(0, 8n, 1n, 2n, 3n)]));
    expect(await log.dump('0.txnindex')).toEqual({
      exit: 0,
      out:
        'Dumping 0.txnindex\n' +
        'version: 0 producerId: 7 firstOffset: 9 lastOffset: 4 lastStableOffset: 4611686018427387904\n' +
        'version: 0 producerId: 8 firstOffset: 1 lastOffset: 2 lastStableOffset: 3\n',
      err: '',
    });
  });

  it('tells of a torn entry at the end', async () => {
    log.write('0.txnindex', Buffer.concat([entry(0, 1n, 2n, 3n, 4n), Buffer.alloc(20)]));
    const { exit, out, err } = await log.dump('0.txnindex');
    expect([exit, out.split('\n').length, err]).toEqual([
      0,
      3,
      '0.txnindex ends with 20 bytes that are no whole entry\n',
    ]);
  });

  it('prints nothing of a file with another version', async () => {
    log.write('0.txnindex', Buffer.concat([entry(0, 1n, 2n, 3n, 4n), entry(1, 1n, 2n, 3n, 4n)]));
    expect(await log.dump('0.txnindex')).toEqual({
      exit: 1,
      out: 'Dumping 0.txnindex\n',
      err: 'barnabas: 0.txnindex is malformed at byte 34: the version is 1, 0 is known\n',
    });
  });
});
