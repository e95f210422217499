import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  GetChildrenRequest,
  GetDataRequest,
  MultiOp,
  OpName,
  ReadOp,
  Request,
  SetDataRequest,
  SetWatchesRequest,
} from '../operation/request.ts';
import { readAcl } from './acl-codec.ts';
import type { JuteReader } from './jute-reader.ts';
import { MalformedJuteError } from './malformed-jute-error.ts';
import { readMulti } from './multi-header.ts';
import { opNameByCode } from './op-codes.ts';
import { readAddWatchMode, readWatcherType } from './watch-codec.ts';

/**
 * The request `op`, whose fields come in the order in which `request-writer.ts` writes them. What comes behind it is not
 * looked at, as in ZooKeeper. Data are views of what is read.
 *
 * @throws MalformedJuteError
 */
export function readRequest(op: OpName, reader: JuteReader): Request {
  switch (op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return readCreate(op, reader);
    case 'delete':
    case 'check':
      return readVersioned(op, reader);
    case 'setData':
      return readSetData(reader);
    case 'multi':
      return { op, ops: readMulti(reader, (type) => readMultiOp(type, reader)) };
    case 'multiRead':
      return { op, ops: readMulti(reader, (type) => readReadOp(type, reader)) };
    case 'getData':
    case 'getChildren':
      return readRead(op, reader);
    case 'exists':
    case 'getChildren2':
      return { op, path: reader.requiredString(), watch: reader.boolean() };
    case 'getACL':
    case 'sync':
    case 'deleteContainer':
    case 'getAllChildrenNumber':
      return { op, path: reader.requiredString() };
    case 'setACL':
      return { op, path: reader.requiredString(), acl: readAcl(reader), version: reader.int32() };
    case 'checkWatches':
    case 'removeWatches':
      return { op, path: reader.requiredString(), type: readWatcherType(reader) };
    case 'addWatch':
      return { op, path: reader.requiredString(), mode: readAddWatchMode(reader) };
    case 'setWatches':
    case 'setWatches2':
      return readSetWatches(op, reader);
    case 'auth':
      return readAuth(reader);
    case 'getEphemerals':
      return { op, prefix: reader.string() ?? '' };
    case 'whoAmI':
    case 'ping':
    case 'closeSession':
      return { op };
  }
}

function readMultiOp(type: number, reader: JuteReader): MultiOp {
  const op = opNameByCode(type);
  switch (op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return readCreate(op, reader);
    case 'delete':
    case 'check':
      return readVersioned(op, reader);
    case 'setData':
      return readSetData(reader);
    default:
      throw new MalformedJuteError(reader.position, `Type ${type} has no place in a multi,`);
  }
}

function readReadOp(type: number, reader: JuteReader): ReadOp {
  const op = opNameByCode(type);
  if (op === 'getData' || op === 'getChildren') return readRead(op, reader);
  throw new MalformedJuteError(reader.position, `Type ${type} has no place in a multiRead,`);
}

function readCreate(op: CreateRequest['op'], reader: JuteReader): CreateRequest {
  const request = {
    op,
    path: reader.requiredString(),
    data: reader.bytes(),
    acl: readAcl(reader),
    flags: reader.int32(),
  };
  return op === 'createTTL' ? { ...request, ttlMs: readTtl(reader) } : request;
}

/** A TTL has 40 bits at most; one that is no safe integer is as invalid after it was cut to the nearest that is. */
function readTtl(reader: JuteReader): number {
  const ttlMs = Number(reader.int64());
  return Math.min(Math.max(ttlMs, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

function readVersioned(op: 'delete' | 'check', reader: JuteReader): DeleteRequest | CheckRequest {
  return { op, path: reader.requiredString(), version: reader.int32() };
}

function readSetData(reader: JuteReader): SetDataRequest {
  return { op: 'setData', path: reader.requiredString(), data: reader.bytes(), version: reader.int32() };
}

function readRead(op: 'getData' | 'getChildren', reader: JuteReader): GetDataRequest | GetChildrenRequest {
  return { op, path: reader.requiredString(), watch: reader.boolean() };
}

function readSetWatches(op: SetWatchesRequest['op'], reader: JuteReader): SetWatchesRequest {
  const readPaths = (): string[] => reader.vector(4, () => reader.requiredString());
  const hasPersistent = op === 'setWatches2';
  return {
    op,
    relativeZxid: reader.safeInt64(),
    dataWatches: readPaths(),
    existWatches: readPaths(),
    childWatches: readPaths(),
    persistentWatches: hasPersistent ? readPaths() : [],
    persistentRecursiveWatches: hasPersistent ? readPaths() : [],
  };
}

function readAuth(reader: JuteReader): Request {
  // `type` of an AuthPacket means nothing: 0.
  reader.int32();
  return { op: 'auth', scheme: reader.requiredString(), auth: reader.bytes() ?? Buffer.alloc(0) };
}
