/**
 * A client's frames, all but the first:
 *
 *   RequestHeader   xid int32 | type int32, see `op-codes.ts`
 *   the record of that type
 */
import type { Request } from '../operation/request.ts';
import { encodeFrame } from './frame.ts';
import { JuteReader } from './jute-reader.ts';
import { OP_CODES, opNameByCode } from './op-codes.ts';
import { readRequest } from './request-reader.ts';
import { writeRequest } from './request-writer.ts';

/** A request, or one of a type that is not in the table. */
export type DecodedRequest =
  | { readonly xid: number; readonly request: Request }
  | { readonly xid: number; readonly unknownType: number };

/**
 * Data in it are views of `frame`, which may be a part of a larger buffer: who keeps them for long copies them.
 *
 * @param frame without its length
 * @throws MalformedJuteError
 */
export function decodeRequest(frame: Uint8Array): DecodedRequest {
  const reader = new JuteReader(frame);
  const xid = reader.int32();
  const type = reader.int32();
  const op = opNameByCode(type);
  return op === undefined ? { xid, unknownType: type } : { xid, request: readRequest(op, reader) };
}

/** The whole frame. */
export function encodeRequest(xid: number, request: Request): Buffer {
  return encodeFrame((writer) => {
    writer.int32(xid);
    writer.int32(OP_CODES[request.op]);
    writeRequest(writer, request);
  });
}
