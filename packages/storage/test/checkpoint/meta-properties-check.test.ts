import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import {
  checkMetaProperties,
  InconsistentBrokerIdError,
  InconsistentClusterIdError,
} from '../../src/checkpoint/meta-properties-check.ts';

const EXPECTED = { brokerId: brokerId(1), clusterId: 'c1' };
const FILE = '/data/meta.properties';

describe('checkMetaProperties', () => {
  it('lets pass what agrees or says nothing', () => {
    expect(() => checkMetaProperties(EXPECTED, EXPECTED, FILE)).not.toThrow();
    expect(() => checkMetaProperties({ brokerId: undefined, clusterId: undefined }, EXPECTED, FILE)).not.toThrow();
  });

  it('refuses the directory of another cluster', () => {
    const check = () => checkMetaProperties({ ...EXPECTED, clusterId: 'c2' }, EXPECTED, FILE);
    expect(check).toThrow(InconsistentClusterIdError);
    expect(check).toThrow(`${FILE} has cluster.id c2, the cluster's is c1`);
  });

  it('refuses the directory of another broker', () => {
    const check = () => checkMetaProperties({ ...EXPECTED, brokerId: brokerId(2) }, EXPECTED, FILE);
    expect(check).toThrow(InconsistentBrokerIdError);
    expect(check).toThrow(`${FILE} has broker.id 2, this broker's is 1`);
  });
});
