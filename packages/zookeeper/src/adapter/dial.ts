import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Server } from '../session/server.ts';

/** A socket on its way to a server, and the event by which it says that bytes may be sent. */
export type Dialled = { readonly socket: Socket; readonly openedEvent: 'connect' | 'secureConnect' };

/** Node's least. */
const ATTEMPT_MS_MIN = 10;

/**
 * Begins to connect. A name may stand for several addresses, which Node tries one after the other; each gets a quarter of
 * `deadlineMs`, within which all must be done: Node's own quarter of a second is too short for a server that is far away,
 * and too long for a short session.
 */
export function dial({ host, port }: Server, tls: ConnectionOptions | undefined, deadlineMs: number): Dialled {
  const options = {
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: Math.max(ATTEMPT_MS_MIN, Math.floor(deadlineMs / 4)),
  };
  const socket = tls === undefined ? connectTcp(options) : connectTls({ ...tls, ...options });
  socket.setNoDelay();
  return { socket, openedEvent: tls === undefined ? 'connect' : 'secureConnect' };
}
