/**
 * A transaction as ZooKeeper's log has it (`org.apache.zookeeper.txn`).
 *
 *   TxnHeader         clientId int64 | cxid int32 | zxid int64 | time int64 | type int32, see `op-codes.ts`
 *   create            path | data bytes | acl vector | ephemeral boolean | parentCVersion int32
 *   createContainer   path | data bytes | acl vector | parentCVersion int32
 *   createTTL         path | data bytes | acl vector | parentCVersion int32 | ttl int64
 *   delete, deleteContainer   path
 *   setData           path | data bytes | version int32
 *   setACL            path | acl vector | version int32
 *   check             path | version int32
 *   createSession     timeOut int32
 *   closeSession      vector of paths
 *   error             err int32
 *   multi             vector of: type int32 | the record as bytes
 */
import type { CreateTxn, Txn, TxnHeader } from '../txn/txn.ts';
import { writeAcl } from './acl-codec.ts';
import type { JuteWriter } from './jute-writer.ts';
import { INNER_CODES, OP_CODES } from './op-codes.ts';

const TYPES: Readonly<Record<Txn['type'], number>> = {
  create: OP_CODES.create,
  createContainer: OP_CODES.createContainer,
  createTTL: OP_CODES.createTTL,
  delete: OP_CODES.delete,
  deleteContainer: OP_CODES.deleteContainer,
  setData: OP_CODES.setData,
  setACL: OP_CODES.setACL,
  check: OP_CODES.check,
  createSession: INNER_CODES.createSession,
  closeSession: OP_CODES.closeSession,
  error: INNER_CODES.error,
  multi: OP_CODES.multi,
};

export function writeTxn(writer: JuteWriter, header: TxnHeader, txn: Txn): void {
  writer.int64(header.sessionId);
  writer.int32(header.cxid);
  writer.safeInt64(header.zxid);
  writer.safeInt64(header.timeMs);
  writer.int32(TYPES[txn.type]);
  writeRecord(writer, txn);
}

function writeRecord(writer: JuteWriter, txn: Txn): void {
  switch (txn.type) {
    case 'create':
    case 'createContainer':
    case 'createTTL':
      writeCreate(writer, txn);
      break;
    case 'delete':
    case 'deleteContainer':
      writer.string(txn.path);
      break;
    case 'setData':
      writer.string(txn.path);
      writer.bytes(txn.data);
      writer.int32(txn.version);
      break;
    case 'setACL':
      writer.string(txn.path);
      writeAcl(writer, txn.acl);
      writer.int32(txn.version);
      break;
    case 'check':
      writer.string(txn.path);
      writer.int32(txn.version);
      break;
    case 'createSession':
      writer.int32(txn.timeoutMs);
      break;
    case 'closeSession':
      writer.vector(txn.paths, (_, path) => writer.string(path));
      break;
    case 'error':
      writer.int32(txn.code);
      break;
    case 'multi':
      writer.vector(txn.txns, writePart);
      break;
    default:
      txn satisfies never;
  }
}

function writePart(writer: JuteWriter, txn: Txn): void {
  writer.int32(TYPES[txn.type]);
  const lengthAt = writer.lengthBytes;
  writer.int32(0);
  writeRecord(writer, txn);
  writer.overwriteInt32(lengthAt, writer.lengthBytes - lengthAt - 4);
}

function writeCreate(writer: JuteWriter, txn: CreateTxn): void {
  writer.string(txn.path);
  writer.bytes(txn.data);
  writeAcl(writer, txn.acl);
  if (txn.type === 'create') writer.boolean(txn.ephemeral);
  writer.int32(txn.parentCVersion);
  if (txn.type === 'createTTL') writer.safeInt64(txn.ttlMs ?? 0);
}
