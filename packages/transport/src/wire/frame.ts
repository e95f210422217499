import type { ByteWriter } from '@barnabas/protocol';
import { GatherWriter } from '@barnabas/protocol';
import { FRAME_SIZE_BYTES } from './frame-splitter.ts';

/** A frame to be written, its size in front, in parts of which large ones are the caller's own. */
export type Frame = { readonly parts: readonly Uint8Array[]; readonly sizeBytes: number };

/** The frame of what `write` appends. */
export const frameOf = (write: (writer: ByteWriter) => void): Frame => {
  const writer = new GatherWriter();
  writer.int32(0);
  write(writer);
  const { sizeBytes } = writer;
  writer.written().writeInt32BE(sizeBytes - FRAME_SIZE_BYTES, 0);
  return { parts: writer.parts(), sizeBytes };
};
