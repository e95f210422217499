import { timingSafeEqual } from 'node:crypto';
import type { ConnectRequest, ConnectResponse } from '../../operation/handshake.ts';
import type { EngineCore } from './engine-core.ts';
import type { SessionConnection } from './session-connection.ts';
import type { Session } from './session-tracker.ts';

const PASSWORD_BYTES = 16;

/** Undefined where the session that was asked for is over, or the password is not its own. */
type Outcome = { readonly session: Session<SessionConnection> | undefined; readonly response: ConnectResponse };

/** Begins a session, or goes on with one, as the client asks; the timeout is brought between the server's bounds. */
export function shakeHands(request: ConnectRequest, core: EngineCore): Outcome {
  const { minSessionTimeoutMs, maxSessionTimeoutMs, passwordOf } = core.options;
  const timeoutMs = Math.min(Math.max(request.timeoutMs, minSessionTimeoutMs), maxSessionTimeoutMs);
  const session = request.sessionId === 0n ? core.beginSession(timeoutMs) : goOn(request, timeoutMs, core);
  const ended = { timeoutMs: 0, sessionId: 0n, password: new Uint8Array(PASSWORD_BYTES) };
  const agreed = session && { timeoutMs, sessionId: session.id, password: passwordOf(session.id) };
  // Clients of before 3.4 do not expect to hear whether it is read-only.
  const readOnly = request.readOnly === undefined ? {} : { readOnly: false };
  return { session, response: { protocolVersion: 0, ...(agreed ?? ended), ...readOnly } };
}

/** The connection that the session had is closed whatever the password is: ZooKeeper looks at it after that. */
function goOn(request: ConnectRequest, timeoutMs: number, core: EngineCore): Session<SessionConnection> | undefined {
  const session = core.sessions.find(request.sessionId);
  if (session === undefined) return undefined;
  session.connection?.close('its session goes on through another connection');
  if (!isSame(request.password, core.options.passwordOf(session.id))) return undefined;
  core.sessions.touch(session, timeoutMs);
  return session;
}

function isSame(given: Uint8Array | null, password: Uint8Array): boolean {
  return given !== null && given.length === password.length && timingSafeEqual(given, password);
}
