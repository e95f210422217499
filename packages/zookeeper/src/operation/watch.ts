/** What a server tells a client that watches (`org.apache.zookeeper.Watcher.Event.EventType`). */
export const WATCH_EVENT_TYPES = {
  nodeCreated: 1,
  nodeDeleted: 2,
  nodeDataChanged: 3,
  nodeChildrenChanged: 4,
} as const;

export type WatchEventType = keyof typeof WATCH_EVENT_TYPES;

const TYPES: ReadonlyMap<number, WatchEventType> = new Map(
  Object.entries(WATCH_EVENT_TYPES).map(([name, type]) => [type, name as WatchEventType]),
);

/** The type of event that `type` stands for; undefined for one that is not in the table. */
export function watchEventTypeByNumber(type: number): WatchEventType | undefined {
  return TYPES.get(type);
}

/** Something happened to the znode at `path`: it says that it is dirty, never what is there now. */
export type WatchEvent = { readonly type: WatchEventType; readonly path: string };

/** `addWatch`: a watch that stays after it fired, on one znode or on it and all below it. */
export type AddWatchMode = 'persistent' | 'persistentRecursive';

/** Which watches `checkWatches` and `removeWatches` mean (`org.apache.zookeeper.Watcher.WatcherType`). */
export type WatcherType = 'children' | 'data' | 'any' | 'persistent' | 'persistentRecursive';
