import { digestIdentity } from './digest-scheme.ts';
import { type Identities, SUPER } from './identity.ts';

/** Of user and password together; ZooKeeper knows no bound but that of a frame. */
const CREDENTIALS_BYTES_MAX = 1024;

/**
 * Adds to the identities of a client what it authenticates itself as; whether that could be done. It could not where the
 * scheme is not known, or where there is too much of it: otherwise anything is a digest, of which an ACL may speak or not,
 * and the address is known in any case.
 */
export function authenticate(
  identities: Identities,
  scheme: string,
  auth: Uint8Array,
  address: string,
  superDigest: string | undefined,
): boolean {
  switch (scheme) {
    case 'ip':
      return identities.add({ scheme, id: address });
    case 'digest': {
      if (auth.length > CREDENTIALS_BYTES_MAX) return false;
      const identity = digestIdentity(auth);
      return (identity.id !== superDigest || identities.add(SUPER)) && identities.add(identity);
    }
    default:
      return false;
  }
}
