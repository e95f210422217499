import type { CreateRequest, MultiOp, ReadOp, Request, SetWatchesRequest } from '../operation/request.ts';
import { writeAcl } from './acl-codec.ts';
import type { JuteWriter } from './jute-writer.ts';
import { writeMultiEnd, writeMultiHeader } from './multi-header.ts';
import { OP_CODES } from './op-codes.ts';
import { ADD_WATCH_MODES, WATCHER_TYPES } from './watch-codec.ts';

/** The body of a request (`org.apache.zookeeper.proto`). */
export function writeRequest(writer: JuteWriter, request: Request): void {
  switch (request.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      writeCreate(writer, request);
      break;
    case 'setData':
      writer.string(request.path);
      writer.bytes(request.data);
      writer.int32(request.version);
      break;
    case 'multi':
    case 'multiRead':
      writeOps(writer, request.ops);
      break;
    case 'delete':
    case 'check':
      writer.string(request.path);
      writer.int32(request.version);
      break;
    case 'getData':
    case 'exists':
    case 'getChildren':
    case 'getChildren2':
      writer.string(request.path);
      writer.boolean(request.watch);
      break;
    case 'getACL':
    case 'sync':
    case 'deleteContainer':
    case 'getAllChildrenNumber':
      writer.string(request.path);
      break;
    case 'setACL':
      writer.string(request.path);
      writeAcl(writer, request.acl);
      writer.int32(request.version);
      break;
    case 'checkWatches':
    case 'removeWatches':
      writer.string(request.path);
      writer.int32(WATCHER_TYPES[request.type]);
      break;
    case 'addWatch':
      writer.string(request.path);
      writer.int32(ADD_WATCH_MODES[request.mode]);
      break;
    case 'setWatches':
    case 'setWatches2':
      writeSetWatches(writer, request);
      break;
    case 'auth':
      writer.int32(0);
      writer.string(request.scheme);
      writer.bytes(request.auth);
      break;
    case 'getEphemerals':
      writer.string(request.prefix);
      break;
    case 'whoAmI':
    case 'ping':
    case 'closeSession':
      break;
    default:
      request satisfies never;
  }
}

function writeOps(writer: JuteWriter, ops: readonly (MultiOp | ReadOp)[]): void {
  for (const op of ops) {
    writeMultiHeader(writer, OP_CODES[op.op], -1);
    writeRequest(writer, op);
  }
  writeMultiEnd(writer);
}

function writeCreate(writer: JuteWriter, request: CreateRequest): void {
  writer.string(request.path);
  writer.bytes(request.data);
  writeAcl(writer, request.acl);
  writer.int32(request.flags);
  if (request.op === 'createTTL') writer.safeInt64(request.ttlMs ?? 0);
}

function writeSetWatches(writer: JuteWriter, request: SetWatchesRequest): void {
  const writePaths = (paths: readonly string[]): void => writer.vector(paths, (_, path) => writer.string(path));
  writer.safeInt64(request.relativeZxid);
  writePaths(request.dataWatches);
  writePaths(request.existWatches);
  writePaths(request.childWatches);
  if (request.op === 'setWatches') return;
  writePaths(request.persistentWatches);
  writePaths(request.persistentRecursiveWatches);
}
