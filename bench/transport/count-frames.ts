import type { Socket } from 'node:net';

/** Cuts a socket into frames with next to no work; what is handed on is only the beginning of a frame, with its payload's first bytes. */
export const countFrames = (onFrame: (frame: Buffer) => void, socket: Socket): ((chunk: Buffer) => void) => {
  let head = Buffer.alloc(0);
  let leftBytes = 0;
  return (chunk) => {
    let at = 0;
    socket.cork();
    while (at < chunk.length) {
      if (leftBytes === 0) {
        const needed = 8 - head.length;
        head = Buffer.concat([head, chunk.subarray(at, at + needed)]);
        at += Math.min(needed, chunk.length - at);
        if (head.length < 8) break;
        leftBytes = head.readInt32BE(0) - 4;
      }
      const taken = Math.min(leftBytes, chunk.length - at);
      at += taken;
      leftBytes -= taken;
      if (leftBytes === 0) {
        onFrame(head.subarray(4));
        head = Buffer.alloc(0);
      }
    }
    socket.uncork();
  };
};
