import type { ErrorResult, MultiResult, ReadResult, Reply } from '../operation/reply.ts';
import type { OpName } from '../operation/request.ts';
import { readAcl } from './acl-codec.ts';
import type { JuteReader } from './jute-reader.ts';
import { MalformedJuteError } from './malformed-jute-error.ts';
import { readMulti } from './multi-header.ts';
import { INNER_CODES, OP_CODES } from './op-codes.ts';
import { readStat } from './stat-codec.ts';

/**
 * What follows the header of an answer to `op` that is no error. Data are views of what is read.
 *
 * @throws MalformedJuteError
 */
export function decodeReply(op: OpName, reader: JuteReader): Reply {
  switch (op) {
    case 'create':
    case 'sync':
      return { op, path: reader.requiredString() };
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return { op, path: reader.requiredString(), stat: readStat(reader) };
    case 'setData':
    case 'setACL':
    case 'exists':
      return { op, stat: readStat(reader) };
    case 'getData':
      return { op, data: reader.bytes(), stat: readStat(reader) };
    case 'getChildren':
      return { op, children: readStrings(reader) };
    case 'getChildren2':
      return { op, children: readStrings(reader), stat: readStat(reader) };
    case 'getACL':
      return { op, acl: readAcl(reader), stat: readStat(reader) };
    case 'multi':
      return { op, results: readMulti(reader, (type) => readMultiResult(type, reader)) };
    case 'multiRead':
      return { op, results: readMulti(reader, (type) => readReadResult(type, reader)) };
    case 'getEphemerals':
      return { op, paths: readStrings(reader) };
    case 'getAllChildrenNumber':
      return { op, count: reader.int32() };
    case 'whoAmI':
      return { op, identities: readIdentities(reader) };
    case 'addWatch':
      // An ErrorResponse whose code is 0.
      reader.int32();
      return { op };
    case 'delete':
    case 'check':
    case 'deleteContainer':
    case 'checkWatches':
    case 'removeWatches':
    case 'setWatches':
    case 'setWatches2':
    case 'auth':
    case 'ping':
    case 'closeSession':
      return { op };
  }
}

function readMultiResult(type: number, reader: JuteReader): MultiResult {
  switch (type) {
    case OP_CODES.create:
      return { op: 'create', path: reader.requiredString() };
    case OP_CODES.create2:
      return { op: 'create2', path: reader.requiredString(), stat: readStat(reader) };
    case OP_CODES.setData:
      return { op: 'setData', stat: readStat(reader) };
    case OP_CODES.delete:
      return { op: 'delete' };
    case OP_CODES.check:
      return { op: 'check' };
    case INNER_CODES.error:
      return readErrorResult(reader);
    default:
      throw new MalformedJuteError(reader.position, `Type ${type} is no result of a multi,`);
  }
}

function readReadResult(type: number, reader: JuteReader): ReadResult {
  switch (type) {
    case OP_CODES.getData:
      return { op: 'getData', data: reader.bytes(), stat: readStat(reader) };
    case OP_CODES.getChildren:
      return { op: 'getChildren', children: readStrings(reader) };
    case INNER_CODES.error:
      return readErrorResult(reader);
    default:
      throw new MalformedJuteError(reader.position, `Type ${type} is no result of a multiRead,`);
  }
}

function readErrorResult(reader: JuteReader): ErrorResult {
  return { op: 'error', code: reader.int32() };
}

function readStrings(reader: JuteReader): string[] {
  return reader.vector(4, () => reader.requiredString());
}

/** A vector of `org.apache.zookeeper.data.ClientInfo`. */
function readIdentities(reader: JuteReader): { scheme: string; id: string }[] {
  return reader.vector(8, () => ({ scheme: reader.string() ?? '', id: reader.string() ?? '' }));
}
