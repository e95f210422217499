/** Where the transport reports what an operator should see: one line for each connection or stream that it drops. */
export interface PeerLogger {
  warn(line: string): void;
}
