import { networkInterfaces } from 'node:os';
import { BrokerStartError } from '../node/start-error.ts';

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'another process listens there; stop it, or change listeners'],
  ['EADDRNOTAVAIL', 'this machine does not have the address; change listeners'],
  ['EACCES', 'this user may not listen on that port; change listeners'],
  ['ENOTFOUND', 'there is no such host; change listeners'],
]);

/** Where to listen for all addresses: `::` is the IPv4 ones, too, and only where there is IPv6. */
export function everywhere(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((them) => them ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/** @throws BrokerStartError in words, for an address that cannot be listened on */
export async function listening<T>(name: string, host: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const reason = REASONS.get(error instanceof Error && 'code' in error ? error.code : undefined);
    if (reason === undefined) throw error;
    const where = `${name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
    throw new BrokerStartError('address', `${where} cannot be listened on: ${reason}`, { cause: error });
  }
}
