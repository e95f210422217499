import { CODECS } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchAt, temporaryLog } from './dumped.ts';

const LOG = Buffer.concat(
  CODECS.flatMap((codec, i) => [batchAt(3 * i, ['one', 'two', 'three'], { codec }), batchAt(100 + i, ['four'])]),
);
const INDEX = Buffer.from('000000020000000000000064000000480000006500000142', 'hex');

/** Bytes with some of them changed, and cut or followed by others. */
const damaged = (bytes: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }),
      keptBytes: fc.oneof(fc.constant(bytes.length), fc.nat(bytes.length)),
      tail: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 80 })),
    })
    .map(({ changes, keptBytes, tail }) => {
      const copy = Buffer.from(bytes);
      for (const [at, value] of changes) copy[at] = value;
      return Buffer.concat([copy.subarray(0, keptBytes), tail]);
    });

describe('damaged files', () => {
  const log = temporaryLog();

  it.each([
    ['0.log', LOG],
    ['0.index', INDEX],
    ['0.timeindex', INDEX],
    ['0.txnindex', Buffer.concat([INDEX, INDEX])],
    ['0.snapshot', Buffer.concat([INDEX, INDEX])],
  ])('%s is dumped, or fails with an error that was foreseen', async (name, bytes) => {
    log.write('0.index', INDEX);
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged(bytes), fc.uint8Array({ maxLength: 300 })), async (content) => {
        log.write('0.log', LOG);
        log.write(name, Buffer.from(content));
        const { exit, err } = await log.dump('--print-data-log', name);
        expect(err).not.toContain('BARNABAS_DEBUG=1 shows where');
        if (exit !== 0) expect(err).toMatch(/^barnabas: 0\.(log|\w*index)\b[^\n]*\n$/m);
      }),
      { numRuns: 300 },
    );
  });
});
