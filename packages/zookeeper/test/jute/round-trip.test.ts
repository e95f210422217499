import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../src/jute/handshake-codec.ts';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { JuteWriter } from '../../src/jute/jute-writer.ts';
import { OP_CODES } from '../../src/jute/op-codes.ts';
import { decodeReplyHeader, encodeReply } from '../../src/jute/reply-codec.ts';
import { decodeReply } from '../../src/jute/reply-reader.ts';
import { decodeRequest, encodeRequest } from '../../src/jute/request-codec.ts';
import { readTxn } from '../../src/jute/txn-reader.ts';
import { writeTxn } from '../../src/jute/txn-writer.ts';
import type { OpName } from '../../src/operation/request.ts';
import { bytes, int32, int64, nullableBytes, safeInt64 } from '../support/jute/field-arbitraries.ts';
import { REPLIES } from '../support/jute/reply-arbitraries.ts';
import { REQUESTS } from '../support/jute/request-arbitraries.ts';
import { loggedTxn } from '../support/jute/txn-arbitraries.ts';

const OPS = Object.keys(OP_CODES) as OpName[];
const LENGTH_BYTES = 4;

const handshakeFields = { protocolVersion: int32, timeoutMs: int32, sessionId: int64 };
const readOnly = { readOnly: fc.boolean() };

describe('what is written is read back', () => {
  it.each(OPS)('as the request %s', (op) => {
    fc.assert(
      fc.property(int32, REQUESTS[op], (xid, request) => {
        expect(decodeRequest(encodeRequest(xid, request).subarray(LENGTH_BYTES))).toStrictEqual({ xid, request });
      }),
    );
  });

  it.each(OPS)('as the reply to %s', (op) => {
    fc.assert(
      fc.property(int32, safeInt64, REPLIES[op], (xid, zxid, reply) => {
        const header = { xid, zxid, code: 0 };
        const reader = new JuteReader(encodeReply(header, reply).subarray(LENGTH_BYTES));
        expect(decodeReplyHeader(reader)).toStrictEqual(header);
        expect(decodeReply(op, reader)).toStrictEqual(reply);
        expect(reader.remainingBytes).toBe(0);
      }),
    );
  });

  it('as a transaction', () => {
    fc.assert(
      fc.property(loggedTxn, (logged) => {
        const writer = new JuteWriter();
        writeTxn(writer, logged.header, logged.txn);
        const reader = new JuteReader(writer.finish());
        expect(readTxn(reader)).toStrictEqual(logged);
        expect(reader.remainingBytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('as a connect request', () => {
    const fields = { ...handshakeFields, lastZxidSeen: safeInt64, password: nullableBytes };
    fc.assert(
      fc.property(
        fc.record({ ...fields, ...readOnly }, { requiredKeys: keysOf(fields), noNullPrototype: true }),
        (it) => {
          expect(decodeConnectRequest(encodeConnectRequest(it).subarray(LENGTH_BYTES))).toStrictEqual(it);
        },
      ),
    );
  });

  it('as a connect response', () => {
    const fields = { ...handshakeFields, password: bytes };
    fc.assert(
      fc.property(
        fc.record({ ...fields, ...readOnly }, { requiredKeys: keysOf(fields), noNullPrototype: true }),
        (it) => {
          expect(decodeConnectResponse(encodeConnectResponse(it).subarray(LENGTH_BYTES))).toStrictEqual(it);
        },
      ),
    );
  });
});

const keysOf = <T extends object>(fields: T): (keyof T)[] => Object.keys(fields) as (keyof T)[];
