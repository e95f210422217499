import { describe, expect, it } from 'vitest';
import { IDENTITIES_MAX, Identities, type Identity, SUPER, userOf } from '../../../src/server/engine/identity.ts';

const here = { scheme: 'ip', id: '127.0.0.1' };
const digest = { scheme: 'digest', id: 'nocolon:Ra+cHr2ZoHvBjtNArFGNGlVie4g=' };

function identitiesOf(...all: Identity[]): readonly Identity[] {
  const identities = new Identities();
  for (const identity of all) identities.add(identity);
  return identities.all;
}

describe('Identities', () => {
  it('are there once each', () => {
    expect(identitiesOf(here, digest, { ...here }, { ...digest })).toHaveLength(2);
  });

  it('take no more than the most, and what they have again', () => {
    const identities = new Identities();
    const add = (index: number) => identities.add({ scheme: 'digest', id: `user${index}:x` });
    for (let index = 0; index < IDENTITIES_MAX; index++) expect(add(index)).toBe(true);
    expect(add(IDENTITIES_MAX)).toBe(false);
    expect(add(0)).toBe(true);
    expect(identities.all).toHaveLength(IDENTITIES_MAX);
  });

  it('come in the order of ZooKeeper, not in that of their coming', () => {
    // As a running server lists them.
    expect(identitiesOf(here, digest)).toEqual([digest, here]);
  });
});

describe('userOf', () => {
  it.each([
    [here, '127.0.0.1'],
    [digest, 'nocolon'],
    [SUPER, ''],
  ])('of %o is %j', (identity, user) => {
    expect(userOf(identity)).toBe(user);
  });
});
