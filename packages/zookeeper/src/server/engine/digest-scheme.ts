/**
 * The `digest` scheme: an identity is `user:base64(sha1(user:password))` (ZooKeeper's DigestAuthenticationProvider).
 */
import { createHash } from 'node:crypto';
import type { Identity } from './identity.ts';

/** The identity of whoever knows `credentials`, `user:password` in UTF-8; without a colon all of it is the user. */
export function digestIdentity(credentials: Uint8Array): Identity {
  const text = Buffer.from(credentials).toString('utf8');
  const [user = ''] = text.split(':', 1);
  return { scheme: 'digest', id: `${user}:${createHash('sha1').update(text).digest('base64')}` };
}

/** Whether `id` may stand in an ACL: two parts, of which the second is not empty. Empty parts at the end do not count. */
export function isDigestId(id: string): boolean {
  const parts = id.split(':');
  while (parts.at(-1) === '') parts.pop();
  return parts.length === 2;
}

/** Without the digest, for those who may not see it. */
export function maskedDigestId(id: string): string {
  return id.replace(/:.*/g, ':x');
}
