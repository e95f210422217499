import { type Acl, OPEN_ACL, PERMISSION } from '../../operation/acl.ts';
import { isDigestId } from './digest-scheme.ts';
import { type Identity, SUPER } from './identity.ts';
import { isInNetwork, isIpId } from './ip-scheme.ts';

/**
 * How many entries an ACL may have. ZooKeeper knows no bound, but that a znode's ACL has to fit into a frame when it is
 * asked for; every request that touches the znode goes through them.
 */
export const ACL_ENTRIES_MAX = 1000;

/**
 * Whether `acl` gives one of the `permissions` to one of the identities. One without entries gives all to everyone. Takes
 * as long as there are entries and identities, not their product: both are in the hands of clients.
 */
export function isPermitted(acl: readonly Acl[], permissions: number, identities: readonly Identity[]): boolean {
  if (acl.length === 0) return true;
  let digests: ReadonlySet<string> | undefined;
  for (const entry of acl) {
    if ((entry.permissions & permissions) === 0) continue;
    if (isWorld(entry)) return true;
    if (entry.scheme === 'digest') {
      digests ??= digestsOf(identities);
      if (digests.has(entry.id)) return true;
    } else if (entry.scheme === 'ip') {
      // A connection has one address.
      const address = identities.find(({ scheme }) => scheme === 'ip');
      if (address !== undefined && isInNetwork(address.id, entry.id)) return true;
    }
  }
  return identities.some(({ scheme }) => scheme === SUPER.scheme);
}

/**
 * `acl` as it is stored: each entry once, `auth` replaced by those as whom the client has authenticated itself. Undefined
 * if there is nothing in it, more than `ACL_ENTRIES_MAX`, or something that no identity can ever match.
 */
export function resolveAcl(acl: readonly Acl[], identities: readonly Identity[]): readonly Acl[] | undefined {
  if (isOpen(acl)) return OPEN_ACL;
  const resolved: Acl[] = [];
  const own = identities.filter(({ scheme }) => scheme === 'digest');
  for (const entry of withoutDuplicates(acl)) {
    if (entry.scheme === 'auth') {
      if (own.length === 0) return undefined;
      for (const { scheme, id } of own) resolved.push({ permissions: entry.permissions, scheme, id });
    } else if (isValid(entry)) {
      resolved.push(entry);
    } else {
      return undefined;
    }
    if (resolved.length > ACL_ENTRIES_MAX) return undefined;
  }
  return resolved.length === 0 ? undefined : resolved;
}

/** The usual one, which is kept once for all. */
function isOpen(acl: readonly Acl[]): boolean {
  const [entry] = acl;
  return acl.length === 1 && entry !== undefined && entry.permissions === PERMISSION.all && isWorld(entry);
}

function withoutDuplicates(acl: readonly Acl[]): Iterable<Acl> {
  const byText = new Map<string, Acl>();
  for (const entry of acl) {
    const text = JSON.stringify([entry.permissions, entry.scheme, entry.id]);
    if (!byText.has(text)) byText.set(text, entry);
  }
  return byText.values();
}

function isWorld({ scheme, id }: Acl): boolean {
  return scheme === 'world' && id === 'anyone';
}

function isValid(entry: Acl): boolean {
  if (entry.scheme === 'digest') return isDigestId(entry.id);
  if (entry.scheme === 'ip') return isIpId(entry.id);
  return isWorld(entry);
}

function digestsOf(identities: readonly Identity[]): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const { scheme, id } of identities) if (scheme === 'digest') digests.add(id);
  return digests;
}
