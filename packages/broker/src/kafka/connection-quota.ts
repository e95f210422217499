/** How many connections clients may have: `max.connections`, `max.connections.per.ip` and its `.overrides`. */
import { isIP } from 'node:net';
import type { BrokerProperties } from '@barnabas/model';
import { BrokerConfigError } from '../config/broker-config-error.ts';

export type ConnectionLimits = {
  readonly all: number;
  readonly perAddress: number;
  /** Of addresses that have a limit of their own. */
  readonly overrides: ReadonlyMap<string, number>;
};

/** A connection that was let in; to be released once, when it is gone. */
export type Admission =
  | { readonly kind: 'admitted'; readonly release: () => void }
  | { readonly kind: 'refused'; readonly reason: string };

/** Counts the connections of all doors for clients. */
export class ConnectionQuota {
  readonly #limits: ConnectionLimits;
  readonly #counts = new Map<string, number>();
  #all = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  admit(remoteAddress: string): Admission {
    const address = plainAddress(remoteAddress);
    const { all, perAddress, overrides } = this.#limits;
    const allowed = overrides.get(address) ?? perAddress;
    const count = this.#counts.get(address) ?? 0;
    if (this.#all >= all) return { kind: 'refused', reason: `there are ${all} connections, which is max.connections` };
    if (count >= allowed)
      return { kind: 'refused', reason: `its address has ${allowed} connections, and may have no more` };
    this.#all++;
    this.#counts.set(address, count + 1);
    return { kind: 'admitted', release: () => this.#release(address) };
  }

  #release(address: string): void {
    this.#all--;
    const count = (this.#counts.get(address) ?? 1) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}

/** @throws BrokerConfigError */
export function connectionLimits(properties: BrokerProperties): ConnectionLimits {
  const { maxConnections, maxConnectionsPerIp, maxConnectionsPerIpOverrides } = properties;
  return {
    all: maxConnections,
    perAddress: maxConnectionsPerIp,
    overrides: overridesIn(maxConnectionsPerIpOverrides),
  };
}

/** `address:count`, with commas between them; an address of IPv6 has colons of its own. */
function overridesIn(text: string): ReadonlyMap<string, number> {
  const entries = text.split(',').map((entry) => entry.trim());
  return new Map(entries.filter((entry) => entry !== '').map(overrideIn));
}

function overrideIn(entry: string): [string, number] {
  const colon = entry.lastIndexOf(':');
  const address = entry.slice(0, Math.max(0, colon)).replace(/^\[(.*)\]$/, '$1');
  const count = entry.slice(colon + 1);
  if (isIP(address) === 0 || !/^\d{1,10}$/.test(count)) {
    const problem = `${JSON.stringify(entry)} is not address:count, as 10.0.0.7:100`;
    throw new BrokerConfigError('max.connections.per.ip.overrides', problem, undefined);
  }
  return [plainAddress(address), Number(count)];
}

/** One that came over IPv4 is the same whichever way the socket writes it. */
const plainAddress = (address: string): string => address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
