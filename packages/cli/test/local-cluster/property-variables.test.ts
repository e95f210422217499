import { describe, expect, it } from 'vitest';
import { propertyVariables } from '../../src/local-cluster/property-variables.ts';

describe('propertyVariables', () => {
  const set = { PATH: '/bin', BARNABAS_NUM_PARTITIONS: '4', BARNABAS_SSL_KEY_PASSWORD: 'secret' };

  it('is the same for the same properties, whatever else is set and in whatever order', () => {
    const others = { BARNABAS_SSL_KEY_PASSWORD: 'secret', BARNABAS_NUM_PARTITIONS: '4', HOME: '/root' };
    expect(propertyVariables(others)).toBe(propertyVariables(set));
    expect(propertyVariables({ PATH: '/bin', BARNABAS_NUM_PARTITIONS: undefined })).toBe('');
  });

  it('is another one for other properties, and holds none of them', () => {
    expect(propertyVariables({ ...set, BARNABAS_NUM_PARTITIONS: '5' })).not.toBe(propertyVariables(set));
    expect(propertyVariables(set)).not.toMatch(/secret|PARTITIONS/);
  });
});
