import { ERROR_CODES } from '../operation/error-code.ts';
import type { Credential } from './link-options.ts';
import type { PackageSession } from './package-session.ts';

/** How it went: all was taken; one was refused for good; or the server failed to say, and another may. */
export type AuthOutcome = { readonly type: 'taken' } | { readonly type: 'refused' | 'failed'; readonly reason: string };

/** What a server says that will never take it: it does not match, or another scheme is required. */
const REFUSALS: readonly number[] = [ERROR_CODES.AUTH_FAILED, ERROR_CODES.SESSION_CLOSED_REQUIRE_SASL_AUTH];

/**
 * Sends `credentials` and waits for the answers, so that no request overtakes them. `done` is not called where the
 * connection goes first.
 */
export function authenticate(
  session: PackageSession,
  credentials: readonly Credential[],
  done: (outcome: AuthOutcome) => void,
): void {
  let waiting = credentials.length;
  if (waiting === 0) done({ type: 'taken' });
  for (const { scheme, auth } of credentials) {
    session.send({ op: 'auth', scheme, auth }, (answer) => {
      if (answer.type === 'error') {
        const type = REFUSALS.includes(answer.code) ? 'refused' : 'failed';
        done({ type, reason: `error ${answer.code} for authentication by ${scheme}` });
      } else if (answer.type === 'reply') {
        waiting--;
        if (waiting === 0) done({ type: 'taken' });
      }
    });
  }
}
