import { describe, expect, it } from 'vitest';
import {
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../src/jute/handshake-codec.ts';
import { JuteReader } from '../../src/jute/jute-reader.ts';
import { JuteWriter } from '../../src/jute/jute-writer.ts';
import { decodeReplyHeader, encodeReply } from '../../src/jute/reply-codec.ts';
import { decodeReply } from '../../src/jute/reply-reader.ts';
import { decodeRequest, encodeRequest } from '../../src/jute/request-codec.ts';
import { readStatPersisted, type StatPersisted, writeStatPersisted } from '../../src/jute/stat-codec.ts';
import { readTxn } from '../../src/jute/txn-reader.ts';
import { writeTxn } from '../../src/jute/txn-writer.ts';
import { decodeWatchEvent, encodeWatchEvent } from '../../src/jute/watch-codec.ts';
import type { ConnectRequest, ConnectResponse } from '../../src/operation/handshake.ts';
import type { Reply, ReplyHeader } from '../../src/operation/reply.ts';
import type { Request } from '../../src/operation/request.ts';
import type { WatchEvent } from '../../src/operation/watch.ts';
import type { LoggedTxn } from '../../src/txn/txn.ts';
import { goldenRecords } from './golden-records.ts';

const DIGEST_BYTES = 12;

/** A frame without its length, which is checked. */
function bodyOf(frame: Buffer): Buffer {
  expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  return frame.subarray(4);
}

describe('the handshake of ZooKeeper', () => {
  it.each(goldenRecords('connectRequest'))('reads and writes the request $title', ({ value, bytes }) => {
    expect(decodeConnectRequest(bytes)).toStrictEqual(value);
    expect(bodyOf(encodeConnectRequest(value as ConnectRequest))).toStrictEqual(bytes);
  });

  it.each(goldenRecords('connectResponse'))('reads and writes the response $title', ({ value, bytes }) => {
    expect(decodeConnectResponse(bytes)).toStrictEqual(value);
    expect(bodyOf(encodeConnectResponse(value as ConnectResponse))).toStrictEqual(bytes);
  });
});

describe('the frames of ZooKeeper', () => {
  it.each(goldenRecords('request'))('reads and writes the request $title', ({ value, bytes }) => {
    const { xid, request } = value as { xid: number; request: Request };
    expect(decodeRequest(bytes)).toStrictEqual(value);
    expect(bodyOf(encodeRequest(xid, request))).toStrictEqual(bytes);
  });

  it.each(goldenRecords('reply'))('reads and writes the reply $title', ({ value, bytes }) => {
    const { header, reply } = value as { header: ReplyHeader; reply: Reply };
    const reader = new JuteReader(bytes);
    expect({ header: decodeReplyHeader(reader), reply: decodeReply(reply.op, reader) }).toStrictEqual(value);
    expect(reader.remainingBytes).toBe(0);
    expect(bodyOf(encodeReply(header, reply))).toStrictEqual(bytes);
  });

  it.each(goldenRecords('errorReply'))('reads and writes the error $title', ({ value, bytes }) => {
    expect(decodeReplyHeader(new JuteReader(bytes))).toStrictEqual(value);
    expect(bodyOf(encodeReply(value as ReplyHeader, undefined))).toStrictEqual(bytes);
  });

  it.each(goldenRecords('watchEvent'))('reads and writes the notification $title', ({ value, bytes }) => {
    const { zxid, event } = value as { zxid: number; event: WatchEvent };
    const reader = new JuteReader(bytes);
    expect(decodeReplyHeader(reader)).toStrictEqual({ xid: -1, zxid, code: 0 });
    expect(decodeWatchEvent(reader)).toStrictEqual(event);
    expect(bodyOf(encodeWatchEvent(event, zxid))).toStrictEqual(bytes);
  });
});

describe("the transactions of ZooKeeper's log", () => {
  it.each(goldenRecords('txn'))('reads and writes $title', ({ value, bytes }) => {
    const { header, txn } = value as LoggedTxn;
    const reader = new JuteReader(bytes);
    expect(readTxn(reader)).toStrictEqual(value);
    expect(reader.remainingBytes).toBe(0);
    const writer = new JuteWriter();
    writeTxn(writer, header, txn);
    expect(writer.finish()).toStrictEqual(bytes);
  });

  it.each(goldenRecords('txnWithDigest'))('stops before the digest of $title', ({ value, bytes }) => {
    const reader = new JuteReader(bytes);
    expect(readTxn(reader)).toStrictEqual(value);
    expect(reader.remainingBytes).toBe(DIGEST_BYTES);
  });

  it.each(goldenRecords('oldTxn'))('reads $title', ({ value, bytes }) => {
    expect(readTxn(new JuteReader(bytes))).toStrictEqual(value);
  });
});

describe("the stat of ZooKeeper's snapshots", () => {
  it.each(goldenRecords('statPersisted'))('reads and writes $title', ({ value, bytes }) => {
    expect(readStatPersisted(new JuteReader(bytes))).toStrictEqual(value);
    const writer = new JuteWriter();
    writeStatPersisted(writer, value as StatPersisted);
    expect(writer.finish()).toStrictEqual(bytes);
  });
});
