import type { MultiResult, ReadResult, Reply } from '../operation/reply.ts';
import { writeAcl } from './acl-codec.ts';
import type { JuteWriter } from './jute-writer.ts';
import { writeMultiEnd, writeMultiHeader } from './multi-header.ts';
import { INNER_CODES, OP_CODES } from './op-codes.ts';
import { writeStat } from './stat-codec.ts';

/** What a multi or a multiRead is answered with: most of them have the same body as a reply of their own. */
type Result = MultiResult | ReadResult;

/** What follows the header of a reply (`org.apache.zookeeper.proto`). */
export function writeReply(writer: JuteWriter, reply: Reply | Result): void {
  switch (reply.op) {
    case 'create':
    case 'sync':
      writer.string(reply.path);
      break;
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      writer.string(reply.path);
      writeStat(writer, reply.stat);
      break;
    case 'setData':
    case 'setACL':
    case 'exists':
      writeStat(writer, reply.stat);
      break;
    case 'getData':
      writer.bytes(reply.data);
      writeStat(writer, reply.stat);
      break;
    case 'getChildren':
      writeStrings(writer, reply.children);
      break;
    case 'getChildren2':
      writeStrings(writer, reply.children);
      writeStat(writer, reply.stat);
      break;
    case 'getACL':
      writeAcl(writer, reply.acl);
      writeStat(writer, reply.stat);
      break;
    case 'multi':
    case 'multiRead':
      writeResults(writer, reply.results);
      break;
    case 'error':
      writer.int32(reply.code);
      break;
    case 'getEphemerals':
      writeStrings(writer, reply.paths);
      break;
    case 'getAllChildrenNumber':
      writer.int32(reply.count);
      break;
    case 'whoAmI':
      writer.vector(reply.identities, writeIdentity);
      break;
    case 'addWatch':
      // ZooKeeper answers with an ErrorResponse whose code is 0.
      writer.int32(0);
      break;
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
      break;
    default:
      reply satisfies never;
  }
}

function writeResults(writer: JuteWriter, results: readonly Result[]): void {
  for (const result of results) {
    if (result.op === 'error') writeMultiHeader(writer, INNER_CODES.error, result.code);
    else writeMultiHeader(writer, OP_CODES[result.op], 0);
    writeReply(writer, result);
  }
  writeMultiEnd(writer);
}

function writeStrings(writer: JuteWriter, strings: readonly string[]): void {
  writer.vector(strings, (_, string) => writer.string(string));
}

/** `org.apache.zookeeper.data.ClientInfo`. */
function writeIdentity(writer: JuteWriter, { scheme, id }: { readonly scheme: string; readonly id: string }): void {
  writer.string(scheme);
  writer.string(id);
}
