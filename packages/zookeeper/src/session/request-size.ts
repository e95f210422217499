import type { Acl } from '../operation/acl.ts';
import type { CreateRequest, MultiOp } from '../operation/request.ts';
import type { SessionRequest } from './session-link.ts';

/**
 * The most that a request may have unless said otherwise: the server's own limit (`jute.maxbuffer`, 0xfffff by default; it
 * closes the connection on more) less some room for the headers with which the members of an ensemble pass it on.
 */
export const MAX_REQUEST_BYTES = 0xfffff - 1024;

/** xid and type. */
const HEADER_BYTES = 8;
/** Type, whether it is the last one, error; before each op of a multi, and once after all. */
const MULTI_HEADER_BYTES = 9;
const INT_BYTES = 4;
const BOOLEAN_BYTES = 1;
const TTL_BYTES = 8;

/** The bytes of the frame of a request without its length, which is what the server compares with its limit. */
export function requestSizeBytes(request: SessionRequest): number {
  switch (request.op) {
    case 'exists':
    case 'getData':
    case 'getChildren2':
      return HEADER_BYTES + stringBytes(request.path) + BOOLEAN_BYTES;
    case 'getACL':
    case 'sync':
      return HEADER_BYTES + stringBytes(request.path);
    case 'setACL':
      return HEADER_BYTES + stringBytes(request.path) + aclBytes(request.acl) + INT_BYTES;
    case 'multi':
      return HEADER_BYTES + request.ops.reduce((sum, op) => sum + multiOpSizeBytes(op), MULTI_HEADER_BYTES);
    default:
      return HEADER_BYTES + changeBytes(request);
  }
}

/** The bytes that an op adds to a multi. */
export function multiOpSizeBytes(op: MultiOp): number {
  return MULTI_HEADER_BYTES + changeBytes(op);
}

function changeBytes(op: MultiOp): number {
  switch (op.op) {
    case 'delete':
    case 'check':
      return stringBytes(op.path) + INT_BYTES;
    case 'setData':
      return stringBytes(op.path) + dataBytes(op.data) + INT_BYTES;
    case 'createTTL':
      return createBytes(op) + TTL_BYTES;
    default:
      return createBytes(op);
  }
}

function createBytes({ path, data, acl }: CreateRequest): number {
  return stringBytes(path) + dataBytes(data) + aclBytes(acl) + INT_BYTES;
}

function stringBytes(value: string): number {
  return INT_BYTES + Buffer.byteLength(value);
}

function dataBytes(value: Uint8Array | null): number {
  return INT_BYTES + (value?.length ?? 0);
}

function aclBytes(acl: readonly Acl[]): number {
  return acl.reduce((sum, entry) => sum + INT_BYTES + stringBytes(entry.scheme) + stringBytes(entry.id), INT_BYTES);
}
