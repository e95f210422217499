import { JuteWriter } from './jute-writer.ts';

/** What `write` writes, as a whole frame: behind the int32 that says how many bytes follow. */
export function encodeFrame(write: (writer: JuteWriter) => void): Buffer {
  const writer = new JuteWriter();
  writer.int32(0);
  write(writer);
  writer.overwriteInt32(0, writer.lengthBytes - 4);
  return writer.finish();
}
