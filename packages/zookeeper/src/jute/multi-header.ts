/**
 * `multi` and `multiRead` are lists without a length: before each op, and before each result, stands a header, and behind
 * the last one a header of its own kind.
 *
 *   header   type int32 | done boolean | err int32
 *   end      type -1, done true, err -1
 */
import type { JuteReader } from './jute-reader.ts';
import type { JuteWriter } from './jute-writer.ts';

/** What `readItem` reads after each header, up to the end; it is told the type that the header announces. */
export function readMulti<T>(reader: JuteReader, readItem: (type: number) => T): T[] {
  const items: T[] = [];
  for (;;) {
    const type = reader.int32();
    const isDone = reader.boolean();
    // `err` of a result is repeated in its body.
    reader.int32();
    if (isDone) return items;
    items.push(readItem(type));
  }
}

export function writeMultiHeader(writer: JuteWriter, type: number, err: number): void {
  writer.int32(type);
  writer.boolean(false);
  writer.int32(err);
}

export function writeMultiEnd(writer: JuteWriter): void {
  writer.int32(-1);
  writer.boolean(true);
  writer.int32(-1);
}
