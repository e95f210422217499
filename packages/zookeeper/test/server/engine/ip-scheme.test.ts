import { describe, expect, it } from 'vitest';
import { isInNetwork, isIpId } from '../../../src/server/engine/ip-scheme.ts';

describe('isIpId', () => {
  it.each(['10.1.2.3', '10.1.2.3/0', '10.1.2.3/32', '010.1.2.+3'])('takes %j', (id) => {
    expect(isIpId(id)).toBe(true);
  });

  it.each([
    '',
    '10.1.2',
    '10.1.2.3.4',
    '10.1.2.256',
    '10.1.2.-1',
    '10.1.2.',
    '10.1.2.3/33',
    '10.1.2.3/',
    '::1',
    '1.2.3.4/8/8',
  ])('refuses %j', (id) => {
    expect(isIpId(id)).toBe(false);
  });
});

describe('isInNetwork', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.4', '10.1.2.3', false],
    ['10.9.9.9', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['10.1.2.255', '10.1.2.128/25', true],
    ['10.1.2.127', '10.1.2.128/25', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['::1', '0.0.0.0/0', false],
  ])('%s in %s: %o', (address, network, isIn) => {
    expect(isInNetwork(address, network)).toBe(isIn);
  });
});
