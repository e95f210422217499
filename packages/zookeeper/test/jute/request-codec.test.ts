import { describe, expect, it } from 'vitest';
import { JuteWriter } from '../../src/jute/jute-writer.ts';
import { MalformedJuteError } from '../../src/jute/malformed-jute-error.ts';
import { writeMultiEnd, writeMultiHeader } from '../../src/jute/multi-header.ts';
import { OP_CODES } from '../../src/jute/op-codes.ts';
import { decodeRequest } from '../../src/jute/request-codec.ts';
import { writeRequest } from '../../src/jute/request-writer.ts';
import type { Request } from '../../src/operation/request.ts';

const XID = 7;

/** A request frame without its length, of whatever `writeBody` writes. */
function frameOf(type: number, writeBody: (writer: JuteWriter) => void): Buffer {
  const writer = new JuteWriter();
  writer.int32(XID);
  writer.int32(type);
  writeBody(writer);
  return writer.finish();
}

/** A multi or multiRead that holds `request`, which need not be allowed there. */
const holding = (op: 'multi' | 'multiRead', request: Request): Buffer =>
  frameOf(OP_CODES[op], (writer) => {
    writeMultiHeader(writer, OP_CODES[request.op], -1);
    writeRequest(writer, request);
    writeMultiEnd(writer);
  });

const read: Request = { op: 'getData', path: '/a', watch: false };
const write: Request = { op: 'delete', path: '/a', version: -1 };

describe('decodeRequest', () => {
  it.each([
    0, -1, -10, 10, 16, 23, 102, 108, 0x7fffffff,
  ])('gives back the number of type %i, which is unknown', (type) => {
    expect(decodeRequest(frameOf(type, () => {}))).toEqual({ xid: XID, unknownType: type });
  });

  it('does not look at what follows a request', () => {
    const frame = frameOf(OP_CODES.sync, (writer) => {
      writer.string('/a');
      writer.string('more');
    });
    expect(decodeRequest(frame)).toEqual({ xid: XID, request: { op: 'sync', path: '/a' } });
  });

  it.each([
    ['multi', read],
    ['multiRead', write],
    ['multi', { op: 'exists', path: '/', watch: false }],
    ['multi', { op: 'multi', ops: [] }],
    ['multiRead', { op: 'multiRead', ops: [] }],
    ['multi', { op: 'closeSession' }],
  ] as const)('refuses a %s that holds %o', (op, request) => {
    expect(() => decodeRequest(holding(op, request))).toThrow(MalformedJuteError);
  });

  it('refuses multis within multis, however deep, without running out of stack', () => {
    const frame = frameOf(OP_CODES.multi, (writer) => {
      for (let depth = 0; depth < 100_000; depth++) writeMultiHeader(writer, OP_CODES.multi, -1);
    });
    expect(() => decodeRequest(frame)).toThrow(MalformedJuteError);
  });

  it('refuses a path that is null', () => {
    expect(() => decodeRequest(frameOf(OP_CODES.sync, (writer) => writer.string(null)))).toThrow(MalformedJuteError);
  });

  it('takes null for no prefix, no authentication and no ACL', () => {
    const nothing = (writer: JuteWriter): void => writer.string(null);
    expect(decodeRequest(frameOf(OP_CODES.getEphemerals, nothing))).toMatchObject({ request: { prefix: '' } });
    const auth = frameOf(OP_CODES.auth, (writer) => {
      writer.int32(0);
      writer.string('ip');
      writer.bytes(null);
    });
    expect(decodeRequest(auth)).toMatchObject({ request: { auth: Buffer.alloc(0) } });
    const setACL = frameOf(OP_CODES.setACL, (writer) => {
      writer.string('/a');
      writer.int32(-1);
      writer.int32(3);
    });
    expect(decodeRequest(setACL)).toMatchObject({ request: { acl: [], version: 3 } });
  });

  it.each([
    [2n ** 63n - 1n, Number.MAX_SAFE_INTEGER],
    [2n ** 53n, Number.MAX_SAFE_INTEGER],
    [-(2n ** 63n), Number.MIN_SAFE_INTEGER],
  ])('cuts a TTL of %d, which is invalid, to one that is as invalid and a number', (ttl, ttlMs) => {
    const frame = frameOf(OP_CODES.createTTL, (writer) => {
      writer.string('/a');
      writer.bytes(null);
      writer.int32(0);
      writer.int32(5);
      writer.int64(ttl);
    });
    expect(decodeRequest(frame)).toMatchObject({ request: { ttlMs } });
  });

  it.each([0, 6, -1])('refuses watches of type %i', (type) => {
    const frame = frameOf(OP_CODES.removeWatches, (writer) => {
      writer.string('/a');
      writer.int32(type);
    });
    expect(() => decodeRequest(frame)).toThrow(MalformedJuteError);
  });

  it.each([-1, 2])('refuses a watch of mode %i', (mode) => {
    const frame = frameOf(OP_CODES.addWatch, (writer) => {
      writer.string('/a');
      writer.int32(mode);
    });
    expect(() => decodeRequest(frame)).toThrow(MalformedJuteError);
  });
});
