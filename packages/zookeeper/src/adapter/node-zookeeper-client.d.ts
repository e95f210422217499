/** What is used of node-zookeeper-client 1.1.3, which has no types of its own. */
declare module 'node-zookeeper-client/lib/ConnectionManager.js' {
  import type { EventEmitter } from 'node:events';

  namespace ConnectionManager {
    const STATES: {
      readonly DISCONNECTED: number;
      readonly CONNECTING: number;
      readonly CONNECTED: number;
      readonly CLOSING: number;
      readonly CLOSED: number;
      readonly SESSION_EXPIRED: number;
      readonly AUTHENTICATION_FAILED: number;
    };

    /** What it calls of `jute.Request`. */
    type Request = {
      /** It sets `xid` where `type` is neither PING nor AUTH. */
      readonly header: { xid: number; readonly type: number };
      /** Frame with its length. */
      toBuffer(): Buffer;
    };

    type Packet = { readonly request: Request; readonly callback: (error: Error | null) => void };

    /** What it calls of `net.Socket`. */
    type Output = {
      /** False where it shall wait for `onSocketDrain`. */
      write(frame: Buffer): boolean;
      setTimeout(timeoutMs: number, listener: () => void): void;
      destroy(): void;
    };
  }

  class ConnectionManager extends EventEmitter {
    constructor(
      connectionString: string,
      options: { readonly sessionTimeout: number; readonly spinDelay: number },
      stateListener: (state: number) => void,
    );

    state: number;
    socket: ConnectionManager.Output;
    /** Of the next request. */
    xid: number;
    /** 8 bytes; zeros before the first connection. */
    readonly sessionId: Buffer;
    /** In milliseconds; what was asked for, then what was agreed on. */
    readonly sessionTimeout: number;
    /** Sent and not answered. */
    readonly pendingQueue: readonly ConnectionManager.Packet[];

    /** Looks for a server and opens a connection to it. */
    connect(): void;
    setState(state: number): void;
    queue(request: ConnectionManager.Request, callback: (error: Error | null) => void): void;
    onSocketConnected(): void;
    onSocketData(bytes: Buffer): void;
    onSocketClosed(): void;
  }

  export = ConnectionManager;
}
