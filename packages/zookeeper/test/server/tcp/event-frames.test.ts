import { describe, expect, it } from 'vitest';
import { encodeWatchEvent } from '../../../src/jute/watch-codec.ts';
import type { WatchEvent } from '../../../src/operation/watch.ts';
import { EventFrames } from '../../../src/server/tcp/event-frames.ts';

describe('EventFrames', () => {
  it('have one frame for all who are told the same', () => {
    const frames = new EventFrames();
    const frame = frames.frameOf({ type: 'nodeDeleted', path: '/a' }, -1);
    expect(frames.frameOf({ type: 'nodeDeleted', path: '/a' }, -1)).toBe(frame);
  });

  it('have another one for any other event', () => {
    const frames = new EventFrames();
    const events: [WatchEvent, number][] = [
      [{ type: 'nodeDeleted', path: '/a' }, -1],
      [{ type: 'nodeDeleted', path: '/b' }, -1],
      [{ type: 'nodeCreated', path: '/b' }, -1],
      [{ type: 'nodeCreated', path: '/b' }, 7],
    ];
    for (const [event, zxid] of events) expect(frames.frameOf(event, zxid)).toEqual(encodeWatchEvent(event, zxid));
  });
});
