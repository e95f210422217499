import type { Frame } from '../wire/frame.ts';

/** What a stream tells the lane that opened it. Nothing comes after `onEnd`. */
export type LaneStreamEvents = {
  /** The peer has accepted it: frames may be written. */
  onOpen(): void;
  onData(chunk: Buffer): void;
  /** There is room again after `hasRoom` was false. */
  onRoom(): void;
  /** It is over, by whatever side; not called after `destroy`. */
  onEnd(cause: Error): void;
};

/** A full-duplex stream to a peer that is being opened, or is open. */
export interface LaneStream {
  /** Whether what is written would be handed on soon. False: wait for `onRoom`. */
  readonly hasRoom: boolean;
  write(frame: Frame): void;
  /** Drops it and its connection; nothing of it keeps the process alive. */
  destroy(): Promise<void>;
}

/** Opens a stream on a connection of its own. */
export type OpenLaneStream = (events: LaneStreamEvents) => LaneStream;
