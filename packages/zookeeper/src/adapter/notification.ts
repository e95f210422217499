import type { JuteReader } from '../jute/jute-reader.ts';
import { type WatchEvent, watchEventTypeByNumber } from '../operation/watch.ts';

export type Notification = {
  /** What it means to a session. */
  readonly events: readonly WatchEvent[];
  /** The server's number of the type, where it is not in the table. */
  readonly unknownType?: number;
};

/**
 * What follows the header of a notification, see `watch-codec.ts`. A type that is not in the table says at least that
 * something is up with the path: it stands for a change of the data and of the children, so that every watch on it fires.
 *
 * @throws MalformedJuteError
 */
export function readNotification(reader: JuteReader): Notification {
  const number = reader.int32();
  reader.int32();
  const path = reader.requiredString();
  const type = watchEventTypeByNumber(number);
  if (type !== undefined) return { events: [{ type, path }] };
  return {
    events: [
      { type: 'nodeDataChanged', path },
      { type: 'nodeChildrenChanged', path },
    ],
    unknownType: number,
  };
}
