/**
 * What a server says unasked: a reply header with xid -1, then
 *
 *   WatcherEvent   type int32 | state int32, always 3: connected | path string
 */
import { XID } from '../operation/reply.ts';
import {
  type AddWatchMode,
  WATCH_EVENT_TYPES,
  type WatchEvent,
  type WatcherType,
  watchEventTypeByNumber,
} from '../operation/watch.ts';
import { encodeFrame } from './frame.ts';
import type { JuteReader } from './jute-reader.ts';
import { MalformedJuteError } from './malformed-jute-error.ts';
import { writeReplyHeader } from './reply-codec.ts';

const STATE_CONNECTED = 3;

/** @param zxid what the header says; servers before 3.9 say -1 */
export function encodeWatchEvent(event: WatchEvent, zxid: number): Buffer {
  return encodeFrame((writer) => {
    writeReplyHeader(writer, { xid: XID.notification, zxid, code: 0 });
    writer.int32(WATCH_EVENT_TYPES[event.type]);
    writer.int32(STATE_CONNECTED);
    writer.string(event.path);
  });
}

/**
 * What follows the header of a notification.
 *
 * @throws MalformedJuteError also for a type that is not in the table
 */
export function decodeWatchEvent(reader: JuteReader): WatchEvent {
  const at = reader.position;
  const number = reader.int32();
  const type = watchEventTypeByNumber(number);
  if (type === undefined) throw new MalformedJuteError(at, `A watch event has type ${number}, which is not known,`);
  reader.int32();
  return { type, path: reader.requiredString() };
}

/** `mode` of an `addWatch` (`org.apache.zookeeper.AddWatchMode`). */
export const ADD_WATCH_MODES = { persistent: 0, persistentRecursive: 1 } as const satisfies Record<
  AddWatchMode,
  number
>;

/** `type` of a `checkWatches` or `removeWatches` (`org.apache.zookeeper.Watcher.WatcherType`). */
export const WATCHER_TYPES = {
  children: 1,
  data: 2,
  any: 3,
  persistent: 4,
  persistentRecursive: 5,
} as const satisfies Record<WatcherType, number>;

const MODE_NAMES = namesByNumber<AddWatchMode>(ADD_WATCH_MODES);
const TYPE_NAMES = namesByNumber<WatcherType>(WATCHER_TYPES);

/** @throws MalformedJuteError also for a mode that is not in the table */
export function readAddWatchMode(reader: JuteReader): AddWatchMode {
  return readName(reader, MODE_NAMES, 'mode of a watch');
}

/** @throws MalformedJuteError also for a type that is not in the table */
export function readWatcherType(reader: JuteReader): WatcherType {
  return readName(reader, TYPE_NAMES, 'type of watches');
}

function namesByNumber<Name extends string>(table: Readonly<Record<Name, number>>): ReadonlyMap<number, Name> {
  return new Map(Object.entries(table).map(([name, number]) => [Number(number), name as Name]));
}

function readName<Name>(reader: JuteReader, names: ReadonlyMap<number, Name>, what: string): Name {
  const at = reader.position;
  const number = reader.int32();
  const name = names.get(number);
  if (name === undefined) throw new MalformedJuteError(at, `${number} is no ${what},`);
  return name;
}
