import { encodeWatchEvent } from '../../jute/watch-codec.ts';
import type { WatchEvent, WatchEventType } from '../../operation/watch.ts';

/**
 * The frames of watch events. What many watch is told to one after the other, so that one frame does for all of them;
 * nobody may write into it.
 */
export class EventFrames {
  #last:
    | { readonly type: WatchEventType; readonly path: string; readonly zxid: number; readonly frame: Buffer }
    | undefined;

  frameOf({ type, path }: WatchEvent, zxid: number): Buffer {
    const last = this.#last;
    if (last !== undefined && last.type === type && last.path === path && last.zxid === zxid) return last.frame;
    const frame = encodeWatchEvent({ type, path }, zxid);
    this.#last = { type, path, zxid, frame };
    return frame;
  }
}
