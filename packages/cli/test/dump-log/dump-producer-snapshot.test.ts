import { crc32c } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { temporaryLog } from './dumped.ts';

type Entry = { readonly sequence: number; readonly lastOffset: bigint; readonly delta: number; readonly open: bigint };

const snapshotOf = ({ sequence, lastOffset, delta, open }: Entry): Buffer => {
  const bytes = Buffer.alloc(56);
  bytes.writeInt16BE(1, 0);
  bytes.writeInt32BE(1, 6);
  bytes.writeBigInt64BE(4000n, 10);
  bytes.writeInt16BE(2, 18);
  bytes.writeInt32BE(sequence, 20);
  bytes.writeBigInt64BE(lastOffset, 24);
  bytes.writeInt32BE(delta, 32);
  bytes.writeBigInt64BE(1_700_000_000_123_456_789n, 36);
  bytes.writeInt32BE(-1, 44);
  bytes.writeBigInt64BE(open, 48);
  bytes.writeUInt32BE(crc32c(bytes.subarray(6)), 2);
  return bytes;
};

const STATE = 'producerId: 4000 producerEpoch: 2 coordinatorEpoch: -1';

describe('the dump of a producer snapshot', () => {
  const log = temporaryLog();
  const dumped = async (entry: Entry): Promise<string | undefined> => {
    log.write('9.snapshot', snapshotOf(entry));
    return (await log.dump('9.snapshot')).out.split('\n')[1];
  };

  it('prints the last batch and the open transaction, with times to the last digit', async () => {
    expect(await dumped({ sequence: 5, lastOffset: 8n, delta: 2, open: 3n })).toBe(
      `${STATE} currentTxnFirstOffset: OptionalLong[3] lastTimestamp: 1700000000123456789 ` +
        'firstSequence: 3 lastSequence: 5 lastOffset: 8 offsetDelta: 2 timestamp: 1700000000123456789',
    );
  });

  it('ends with a blank where there is no batch, as Kafka has it', async () => {
    expect(await dumped({ sequence: -1, lastOffset: -1n, delta: 0, open: -1n })).toBe(
      `${STATE} currentTxnFirstOffset: OptionalLong.empty lastTimestamp: 1700000000123456789 `,
    );
  });

  it('counts sequences back over the end of their range', async () => {
    expect(await dumped({ sequence: 1, lastOffset: 8n, delta: 3, open: -1n })).toContain('firstSequence: 2147483646 ');
  });

  it('tells of a damaged one and passes it over', async () => {
    const bytes = snapshotOf({ sequence: 5, lastOffset: 8n, delta: 2, open: 3n });
    bytes.writeUInt8(1, 30);
    log.write('9.snapshot', bytes);
    const { exit, out, err } = await log.dump('9.snapshot');
    expect([exit, out]).toEqual([0, 'Dumping 9.snapshot\n']);
    expect(err).toMatch(/^9\.snapshot is malformed at byte 2: the checksum is \d+, that of the bytes \d+\n$/);
  });
});
