/**
 * `<dataDir>/session-secret`: 32 random bytes, for this server's eyes alone (mode 0600). The password of a session, with
 * which a client that was cut off takes it up again, is made from it: the first 16 bytes of HMAC-SHA256(secret, id as
 * int64).
 *
 * ZooKeeper's own password is a pseudo-random number from the session's id and a constant that is in its source. The id
 * of whoever owns an ephemeral znode is in that znode's stat: there, anyone who may read it can take the session over.
 * What this costs: a client's session does not outlive the move of a directory between this server and a ZooKeeper.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFileIfThere, replaceFile, writeFully } from './file-io.ts';
import type { FileSystem } from './file-system.ts';
import { DamagedDataDirError } from './persistence-errors.ts';

const NAME = 'session-secret';
const SECRET_BYTES = 32;
const PASSWORD_BYTES = 16;

/** The secret of a data directory, which is made if missing. */
export async function sessionSecret(fs: FileSystem, dataDir: string): Promise<Buffer> {
  const path = join(dataDir, NAME);
  const secret = await readFileIfThere(fs, path);
  if (secret === undefined) return makeSecret(fs, path);
  if (secret.length === SECRET_BYTES) return secret;
  throw new DamagedDataDirError(path, undefined, `it has ${secret.length} bytes, not ${SECRET_BYTES}`);
}

async function makeSecret(fs: FileSystem, path: string): Promise<Buffer> {
  const secret = randomBytes(SECRET_BYTES);
  const names = { path, temporary: `${path}.new`, permissions: 0o600 };
  await replaceFile(fs, names, (file) => writeFully(file, [secret], 0));
  return secret;
}

/** The password of a session, 16 bytes. */
export function sessionPassword(secret: Uint8Array, sessionId: bigint): Uint8Array {
  const id = Buffer.alloc(8);
  id.writeBigInt64BE(BigInt.asIntN(64, sessionId));
  return createHmac('sha256', secret).update(id).digest().subarray(0, PASSWORD_BYTES);
}
