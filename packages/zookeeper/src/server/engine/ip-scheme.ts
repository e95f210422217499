/** The `ip` scheme: an IPv4 address, or a network as `address/bits` (ZooKeeper's IPAuthenticationProvider). */

const ADDRESS_BITS = 32;
const BYTE_MAX = 255;
/** What `Integer.parseInt` takes. */
const INTEGER = /^[+-]?\d+$/;

type Network = { readonly address: number; readonly bits: number };

/** Whether `id` may stand in an ACL. */
export function isIpId(id: string): boolean {
  return parseNetwork(id) !== undefined;
}

/** Whether `address` lies in the network `aclId`. IPv6 addresses lie in none. */
export function isInNetwork(address: string, aclId: string): boolean {
  const network = parseNetwork(aclId);
  const client = parseAddress(address);
  if (network === undefined || client === undefined) return false;
  return masked(client, network.bits) === masked(network.address, network.bits);
}

function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  const bits = slash === -1 ? ADDRESS_BITS : parseInteger(text.slice(slash + 1), ADDRESS_BITS);
  return address === undefined || bits === undefined ? undefined : { address, bits };
}

function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    const byte = parseInteger(part, BYTE_MAX);
    if (byte === undefined) return undefined;
    address = address * 256 + byte;
  }
  return address;
}

function parseInteger(text: string, max: number): number | undefined {
  if (!INTEGER.test(text)) return undefined;
  const value = Number(text);
  return value >= 0 && value <= max ? value : undefined;
}

function masked(address: number, bits: number): number {
  return Math.floor(address / 2 ** (ADDRESS_BITS - bits));
}
