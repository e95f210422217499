import { DEFAULT_BROKER_PROPERTIES } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { type ConnectionLimits, ConnectionQuota, connectionLimits } from '../../src/kafka/connection-quota.ts';
import { UNLIMITED } from '../support/kafka/door.ts';

const quotaOf = (limits: Partial<ConnectionLimits>) => new ConnectionQuota({ ...UNLIMITED, ...limits });
const overridesIn = (maxConnectionsPerIpOverrides: string) =>
  connectionLimits({ ...DEFAULT_BROKER_PROPERTIES, maxConnectionsPerIpOverrides }).overrides;

describe('ConnectionQuota', () => {
  it('refuses what is beyond the limit of all, until one has gone', () => {
    const quota = quotaOf({ all: 1 });
    const first = quota.admit('10.0.0.1');
    expect(quota.admit('10.0.0.2')).toEqual({
      kind: 'refused',
      reason: 'there are 1 connections, which is max.connections',
    });
    if (first.kind === 'admitted') first.release();
    expect(quota.admit('10.0.0.2').kind).toBe('admitted');
  });

  it('counts each address for itself, whichever way its socket writes it', () => {
    const quota = quotaOf({ perAddress: 1, overrides: new Map([['10.0.0.9', 2]]) });
    const admitted = ['10.0.0.1', '::ffff:10.0.0.1', '10.0.0.2', '::ffff:10.0.0.9', '10.0.0.9', '10.0.0.9'];
    expect(admitted.map((address) => quota.admit(address).kind === 'admitted')).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('connectionLimits', () => {
  it('reads the addresses that have a limit of their own', () => {
    const overrides = [
      ['10.0.0.7', 100],
      ['fe80::1', 0],
    ] as const;
    expect(overridesIn('10.0.0.7:100, [fe80::1]:0')).toEqual(new Map(overrides));
    expect(overridesIn('')).toEqual(new Map());
  });

  it.each(['broker1:5', '10.0.0.7', '10.0.0.7:', '10.0.0.7:-1', '10.0.0.7:many'])('refuses %s', (text) => {
    expect(() => overridesIn(text)).toThrow(
      `max.connections.per.ip.overrides: ${JSON.stringify(text)} is not address:count, as 10.0.0.7:100`,
    );
  });
});
