import { Latency } from './latency.ts';

/** What all connections of a server have come to since it started. */
export class Traffic {
  readonly latency = new Latency();
  packetsReceived = 0;
  packetsSent = 0;
  bytesReceived = 0;
  bytesSent = 0;
  /** Of replies and notifications, without their length; undefined before the first. */
  responses: { lastBytes: number; minBytes: number; maxBytes: number } | undefined;
  /** Connections that were one too many of their address. */
  rejectedConnections = 0;
  /** Connections that were closed because they never sent a handshake. */
  silentConnections = 0;
  /** Connections that were closed for what they sent, or for not taking what they were sent. */
  droppedConnections = 0;
  failedAuthentications = 0;

  sent(frameBytes: number): void {
    const sizeBytes = frameBytes - 4;
    const { minBytes = sizeBytes, maxBytes = sizeBytes } = this.responses ?? {};
    this.responses = {
      lastBytes: sizeBytes,
      minBytes: Math.min(minBytes, sizeBytes),
      maxBytes: Math.max(maxBytes, sizeBytes),
    };
    this.packetsSent++;
    this.bytesSent += frameBytes;
  }
}
