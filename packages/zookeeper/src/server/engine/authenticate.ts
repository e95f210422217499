import { digestIdentity } from './digest-scheme.ts';
import { type Identities, SUPER } from './identity.ts';

/**
 * Adds to the identities of a client what it authenticates itself as; whether that could be done. A scheme that is not
 * known is all that can go wrong: anything is a digest, of which an ACL may speak or not, and the address is known in any
 * case.
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
      identities.add({ scheme, id: address });
      return true;
    case 'digest': {
      const identity = digestIdentity(auth);
      if (identity.id === superDigest) identities.add(SUPER);
      identities.add(identity);
      return true;
    }
    default:
      return false;
  }
}
