import type { CreateTxn, LoggedTxn, Txn, TxnHeader } from '../txn/txn.ts';
import { readAcl } from './acl-codec.ts';
import { JuteReader } from './jute-reader.ts';
import { MalformedJuteError } from './malformed-jute-error.ts';
import { INNER_CODES, OP_CODES } from './op-codes.ts';

/** Stands for a parent cversion that the record does not tell. */
const UNKNOWN_PARENT_CVERSION = -1;

/**
 * A transaction as `writeTxn` and ZooKeeper's own log have it, old records included. Reading ends with the record: what
 * may follow in the entry, the digest of the tree since 3.6, is left to the caller, who can ignore it. Data are views of
 * what is read.
 *
 * @throws MalformedJuteError also for a type that is not known
 */
export function readTxn(reader: JuteReader): LoggedTxn {
  const header: TxnHeader = {
    sessionId: reader.int64(),
    cxid: reader.int32(),
    zxid: reader.safeInt64(),
    timeMs: reader.safeInt64(),
  };
  const type = reader.int32();
  return { header, txn: readRecord(type, reader) };
}

function readRecord(type: number, reader: JuteReader): Txn {
  switch (type) {
    case INNER_CODES.createSession:
      return { type: 'createSession', timeoutMs: reader.int32() };
    case OP_CODES.closeSession:
      return { type: 'closeSession', paths: readPathsIfAny(reader) };
    case OP_CODES.setACL:
      return { type: 'setACL', path: reader.requiredString(), acl: readAcl(reader), version: reader.int32() };
    case INNER_CODES.reconfig:
      return readSetData(reader);
    case OP_CODES.multi:
      return { type: 'multi', txns: reader.vector(8, () => readPart(reader)) };
    default:
      return readPartRecord(type, reader);
  }
}

/** Before 3.6 the end of a session has no record: whoever applies it knows the session's znodes. */
function readPathsIfAny(reader: JuteReader): string[] {
  return reader.remainingBytes === 0 ? [] : reader.vector(4, () => reader.requiredString());
}

/** A part of a multi: its type, and its record as bytes of their own. */
function readPart(reader: JuteReader): Txn {
  const at = reader.position;
  const type = reader.int32();
  const record = reader.bytes();
  if (record === null) throw new MalformedJuteError(at, 'A part of a multi has no record');
  return readPartRecord(type, new JuteReader(record));
}

function readPartRecord(type: number, reader: JuteReader): Txn {
  switch (type) {
    case OP_CODES.create:
    case OP_CODES.create2:
      return readCreate(reader);
    case OP_CODES.createContainer:
      return { type: 'createContainer', ...readNode(reader), ephemeral: false, parentCVersion: reader.int32() };
    case OP_CODES.createTTL:
      return {
        type: 'createTTL',
        ...readNode(reader),
        ephemeral: false,
        parentCVersion: reader.int32(),
        ttlMs: reader.safeInt64(),
      };
    case OP_CODES.delete:
      return { type: 'delete', path: reader.requiredString() };
    case OP_CODES.deleteContainer:
      return { type: 'deleteContainer', path: reader.requiredString() };
    case OP_CODES.setData:
      return readSetData(reader);
    case OP_CODES.check:
      return { type: 'check', path: reader.requiredString(), version: reader.int32() };
    case INNER_CODES.error:
      return { type: 'error', code: reader.int32() };
    default:
      throw new MalformedJuteError(reader.position, `A transaction has type ${type}, which is not known here,`);
  }
}

/** Before 3.4 (CreateTxnV0) the record ends without the parent's cversion. */
function readCreate(reader: JuteReader): CreateTxn {
  const node = readNode(reader);
  const ephemeral = reader.boolean();
  const parentCVersion = reader.remainingBytes === 0 ? UNKNOWN_PARENT_CVERSION : reader.int32();
  return { type: 'create', ...node, ephemeral, parentCVersion };
}

function readNode(reader: JuteReader): Pick<CreateTxn, 'path' | 'data' | 'acl'> {
  return { path: reader.requiredString(), data: reader.bytes(), acl: readAcl(reader) };
}

function readSetData(reader: JuteReader): Txn {
  return { type: 'setData', path: reader.requiredString(), data: reader.bytes(), version: reader.int32() };
}
