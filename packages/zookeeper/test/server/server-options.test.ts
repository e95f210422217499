import { describe, expect, it } from 'vitest';
import { resolveConfig, ServerOptionsError } from '../../src/server/server-options.ts';

describe('resolveConfig', () => {
  it('has session timeouts follow from the tick time', () => {
    expect(resolveConfig({ tickTimeMs: 100 })).toMatchObject({ minSessionTimeoutMs: 200, maxSessionTimeoutMs: 2000 });
  });

  it.each([
    [{ tickTimeMs: 0 }, /tickTimeMs is 0/],
    [{ containerCheckIntervalMs: 0 }, /containerCheckIntervalMs is 0/],
    [{ handshakeTimeoutMs: Number.NaN }, /handshakeTimeoutMs is NaN/],
    [{ minSessionTimeoutMs: -1 }, /minSessionTimeoutMs is -1/],
    [{ minSessionTimeoutMs: 41_000 }, /more than the greatest, 40000 ms/],
    [{ host: '' }, /host is empty/],
    [{ dataDir: '' }, /dataDir is empty/],
  ])('refuses %o', (options, message) => {
    expect(() => resolveConfig(options)).toThrow(ServerOptionsError);
    expect(() => resolveConfig(options)).toThrow(message);
  });
});
