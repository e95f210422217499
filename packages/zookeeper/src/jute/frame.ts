import { JuteWriter } from './jute-writer.ts';

/**
 * What `write` writes, as a whole frame: behind the int32 that says how many bytes follow.
 *
 * @throws JuteTooLargeError where it has more than `maxBytes`
 */
export function encodeFrame(write: (writer: JuteWriter) => void, maxBytes?: number): Buffer {
  const writer = new JuteWriter(undefined, maxBytes);
  writer.int32(0);
  write(writer);
  writer.overwriteInt32(0, writer.lengthBytes - 4);
  return writer.finish();
}
