import { OPEN_ACL } from '../operation/acl.ts';
import { CREATE_FLAGS } from '../operation/create-mode.ts';
import { ERROR_CODES } from '../operation/error-code.ts';
import { parentPath } from '../operation/path.ts';
import { delayBeforeAgainMs, isPassing } from './asking-again.ts';
import { replyOf } from './call.ts';
import type { SessionCore } from './session-core.ts';

const NO_DATA = new Uint8Array();

/**
 * Creates the chroot of a session and what is missing above it, and goes on for as long as the session lives: to create what
 * may be there already is a request that can be repeated.
 *
 * @throws ZooKeeperError SESSION_EXPIRED, or what the server has against it
 */
export async function makeChroot(core: SessionCore): Promise<void> {
  let delayMs = 0;
  for (let failures = 1; ; failures++) {
    await core.whenConnected({ deadlineMs: Number.POSITIVE_INFINITY, delayMs });
    try {
      await makePath(core, core.identity.chroot.path);
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
      delayMs = delayBeforeAgainMs(error, failures);
    }
  }
}

/** It looks before it creates: who may use a chroot need not have the right to create in its parent. */
async function makePath(core: SessionCore, path: string): Promise<void> {
  if (path === '/' || (await isThere(core, path))) return;
  await makePath(core, parentPath(path));
  const request = { op: 'create', path, data: NO_DATA, acl: OPEN_ACL, flags: CREATE_FLAGS.persistent } as const;
  await core.call(request, path, undefined, (answer) => {
    const isMadeByOther = answer.type === 'error' && answer.code === ERROR_CODES.NODE_EXISTS;
    if (!isMadeByOther) replyOf('create', answer, request, path);
  });
}

function isThere(core: SessionCore, path: string): Promise<boolean> {
  const request = { op: 'exists', path, watch: false } as const;
  return core.call(request, path, undefined, (answer) => {
    if (answer.type === 'error' && answer.code === ERROR_CODES.NO_NODE) return false;
    replyOf('exists', answer, request, path);
    return true;
  });
}
