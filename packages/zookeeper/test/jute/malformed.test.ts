import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameSplitter } from '../../src/jute/frame-splitter.ts';
import { decodeConnectRequest, decodeConnectResponse } from '../../src/jute/handshake-codec.ts';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { MalformedJuteError } from '../../src/jute/malformed-jute-error.ts';
import { OP_CODES } from '../../src/jute/op-codes.ts';
import { decodeReplyHeader } from '../../src/jute/reply-codec.ts';
import { decodeReply } from '../../src/jute/reply-reader.ts';
import { decodeRequest } from '../../src/jute/request-codec.ts';
import { readStatPersisted } from '../../src/jute/stat-codec.ts';
import { readTxn } from '../../src/jute/txn-reader.ts';
import { decodeWatchEvent } from '../../src/jute/watch-codec.ts';
import type { OpName } from '../../src/operation/request.ts';
import { goldenRecords } from './golden-records.ts';

const OPS = Object.keys(OP_CODES) as OpName[];

type Decoder = (bytes: Buffer) => unknown;

const decodeAnswer =
  (op: OpName): Decoder =>
  (bytes) => {
    const reader = new JuteReader(bytes);
    return [decodeReplyHeader(reader), decodeReply(op, reader)];
  };

const decodeNotification: Decoder = (bytes) => {
  const reader = new JuteReader(bytes);
  return [decodeReplyHeader(reader), decodeWatchEvent(reader)];
};

const DECODERS: readonly [kind: string, decode: Decoder][] = [
  ['connectRequest', decodeConnectRequest],
  ['connectResponse', decodeConnectResponse],
  ['request', decodeRequest],
  ['watchEvent', decodeNotification],
  ['txn', (bytes) => readTxn(new JuteReader(bytes))],
  ['oldTxn', (bytes) => readTxn(new JuteReader(bytes))],
  ['statPersisted', (bytes) => readStatPersisted(new JuteReader(bytes))],
];

/** The only way to fail. */
function expectValueOrMalformed(decode: Decoder, bytes: Buffer): void {
  try {
    decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedJuteError);
  }
}

/** A few bytes that make lengths, types and flags go wrong. */
const nastyBytes = fc.constantFrom(
  'ffffffff',
  'fffffffe',
  '7fffffff',
  '80000000',
  '00000000',
  '0000000e',
  '01',
  'ed',
  'ff',
);
const change = fc.record({ at: fc.nat(), replacedBytes: fc.nat(8), by: nastyBytes, cutAt: fc.option(fc.nat()) });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(valid: Buffer, { at, replacedBytes, by, cutAt }: Change): Buffer {
  const from = at % (valid.length + 1);
  const parts = [valid.subarray(0, from), Buffer.from(by, 'hex'), valid.subarray(from + replacedBytes)];
  const bytes = Buffer.concat(parts);
  return cutAt === null ? bytes : bytes.subarray(0, cutAt % (bytes.length + 1));
}

const randomBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

describe('bytes that are not what they should be give a value or MalformedJuteError', () => {
  it.each(DECODERS)('as %s, changed in a few places', (kind, decode) => {
    const valid = fc.constantFrom(...goldenRecords(kind).map(({ bytes }) => bytes));
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(valid, changes, (bytes, them) => expectValueOrMalformed(decode, them.reduce(changed, bytes))),
      { numRuns: 2000 },
    );
  });

  it('as any reply, changed in a few places or taken for another', () => {
    const valid = fc.constantFrom(...goldenRecords('reply').map(({ bytes }) => bytes));
    const changes = fc.array(change, { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...OPS), valid, changes, (op, bytes, them) =>
        expectValueOrMalformed(decodeAnswer(op), them.reduce(changed, bytes)),
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    ...DECODERS,
    ...OPS.map((op) => [`reply to ${op}`, decodeAnswer(op)] as const),
  ])('as %s, wholly random', (_kind, decode) => {
    fc.assert(fc.property(randomBytes, (bytes) => expectValueOrMalformed(decode, bytes)));
  });

  it('as any request, with random bytes behind the header', () => {
    const header = (op: OpName): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(OP_CODES[op], 4);
      return bytes;
    };
    fc.assert(
      fc.property(fc.constantFrom(...OPS), randomBytes, (op, bytes) =>
        expectValueOrMalformed(decodeRequest, Buffer.concat([header(op), bytes])),
      ),
      { numRuns: 3000 },
    );
  });

  it('as a stream', () => {
    fc.assert(
      fc.property(fc.array(randomBytes, { maxLength: 5 }), (chunks) =>
        expectValueOrMalformed(() => {
          const splitter = new FrameSplitter(1024);
          return chunks.flatMap((chunk) => [...splitter.push(chunk)]);
        }, Buffer.alloc(0)),
      ),
    );
  });
});

describe('a valid record that is cut off', () => {
  // Old records are the beginnings of newer ones; a connect request without its last byte is that of an old client.
  const exact = DECODERS.filter(([kind]) => kind === 'watchEvent' || kind === 'statPersisted');

  it.each(exact)('is refused as %s, wherever it is cut', (kind, decode) => {
    for (const { bytes } of goldenRecords(kind)) {
      for (let end = 0; end < bytes.length; end++) {
        expect(() => decode(bytes.subarray(0, end))).toThrow(MalformedJuteError);
      }
    }
  });

  it('is refused as a request, wherever it is cut', () => {
    for (const { bytes } of goldenRecords('request')) {
      for (let end = 0; end < bytes.length; end++) {
        expect(() => decodeRequest(bytes.subarray(0, end))).toThrow(MalformedJuteError);
      }
    }
  });
});

describe('a frame that announces much', () => {
  it.each([
    ['children', 'getChildren'],
    ['an ACL', 'getACL'],
    ['identities', 'whoAmI'],
    ['data', 'getData'],
  ] as const)('takes no memory for %s that are not there', (_what, op) => {
    const bytes = Buffer.alloc(64);
    bytes.writeInt32BE(0x7fffffff, 16);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodeAnswer(op)(bytes)).toThrow(MalformedJuteError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });
});
