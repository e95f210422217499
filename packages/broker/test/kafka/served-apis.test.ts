import { APIS, type ApiName } from '@barnabas/protocol';
import type { PeerHandlers } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { SERVED_APIS, servedApis } from '../../src/kafka/served-apis.ts';

const NAMES = Object.keys(SERVED_APIS) as ApiName[];

describe('the table of what clients are served', () => {
  it.each(NAMES)('has %s from version 0 on, in versions that there are', (name) => {
    const { versions } = APIS[name];
    expect(SERVED_APIS[name]?.min).toBe(0);
    expect(versions.min).toBe(0);
    expect(SERVED_APIS[name]?.max).toBeLessThanOrEqual(versions.max);
  });

  it('has nothing that is for brokers alone', () => {
    expect(NAMES.filter((name) => APIS[name].clusterAction)).toEqual([]);
  });

  it('is in the order of the numbers that requests have', () => {
    const keys = NAMES.map((name) => APIS[name].key);
    expect(keys).toEqual(keys.toSorted((one, other) => one - other));
  });

  it('serves only what there is a handler for', () => {
    const handlers: PeerHandlers = {
      Metadata: () => ({ throttleTimeMs: 0, brokers: [], clusterId: null, controllerId: -1, topics: [] }),
      UpdateMetadata: () => ({ errorCode: 0 }),
    };
    expect([...servedApis(handlers).values()].map(({ api }) => api.name)).toEqual(['Metadata']);
  });
});
