/**
 * A server's frames, all but the first:
 *
 *   ReplyHeader   xid int32 | zxid int64 | err int32
 *   the record that answers the request of that xid, see `decodeReply`; none where err is not 0
 */
import type { Reply, ReplyHeader } from '../operation/reply.ts';
import { encodeFrame } from './frame.ts';
import type { JuteReader } from './jute-reader.ts';
import type { JuteWriter } from './jute-writer.ts';
import { writeReply } from './reply-writer.ts';

/** @throws MalformedJuteError */
export function decodeReplyHeader(reader: JuteReader): ReplyHeader {
  return { xid: reader.int32(), zxid: reader.safeInt64(), code: reader.int32() };
}

export function writeReplyHeader(writer: JuteWriter, header: ReplyHeader): void {
  writer.int32(header.xid);
  writer.safeInt64(header.zxid);
  writer.int32(header.code);
}

/**
 * The whole frame; `reply` is undefined where `header.code` is an error.
 *
 * @throws JuteTooLargeError where it has more than `maxBytes`: a multiRead may ask for the same znode over and over
 */
export function encodeReply(header: ReplyHeader, reply: Reply | undefined, maxBytes?: number): Buffer {
  return encodeFrame((writer) => {
    writeReplyHeader(writer, header);
    if (reply !== undefined) writeReply(writer, reply);
  }, maxBytes);
}
