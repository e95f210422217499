import { describe, expect, it } from 'vitest';
import { type Acl, OPEN_ACL, PERMISSION } from '../../../src/operation/acl.ts';
import { ACL_ENTRIES_MAX, isPermitted, resolveAcl } from '../../../src/server/engine/access.ts';
import { SUPER } from '../../../src/server/engine/identity.ts';

const ann = { scheme: 'digest', id: 'ann:xyz' };
const bob = { scheme: 'digest', id: 'bob:xyz' };
const here = { scheme: 'ip', id: '10.0.0.7' };
const entry = (scheme: string, id: string, permissions: number = PERMISSION.all): Acl => ({ permissions, scheme, id });

describe('isPermitted', () => {
  it.each([
    ['anyone', [entry('world', 'anyone')], true],
    ['no one else', [entry('digest', 'bob:xyz')], false],
    ['the client itself', [entry('digest', 'bob:xyz'), entry('digest', 'ann:xyz')], true],
    ['its network', [entry('ip', '10.0.0.0/8')], true],
    ['another network', [entry('ip', '11.0.0.0/8')], false],
    ['anyone, but for other things', [entry('world', 'anyone', PERMISSION.write | PERMISSION.admin)], false],
    ['nobody in particular', [], true],
  ] as const)('lets a client read what is open to %s: %o', (_, acl, isAllowed) => {
    expect(isPermitted(acl, PERMISSION.read, [here, ann])).toBe(isAllowed);
  });

  it('wants one of several permissions only', () => {
    const acl = [entry('world', 'anyone', PERMISSION.admin)];
    expect(isPermitted(acl, PERMISSION.read | PERMISSION.admin, [])).toBe(true);
  });

  it('goes through entries and identities once, not once for each other', () => {
    const acl = Array.from({ length: 50_000 }, (_, index) => entry('digest', `user${index}:x`));
    const identities = Array.from({ length: 50_000 }, (_, index) => ({ scheme: 'digest', id: `other${index}:x` }));
    const startedMs = performance.now();
    expect(isPermitted(acl, PERMISSION.read, identities)).toBe(false);
    // Each with each are 2.5 billion comparisons, more than ten seconds.
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(isPermitted(acl, PERMISSION.read, [...identities, { scheme: 'digest', id: 'user49999:x' }])).toBe(true);
  });

  it('lets the super user do everything', () => {
    expect(isPermitted([entry('digest', 'bob:xyz', 0)], PERMISSION.delete, [SUPER])).toBe(true);
  });
});

describe('resolveAcl', () => {
  it.each([
    ['nothing', []],
    ['another world', [entry('world', 'someone')]],
    ['a scheme that is not known', [entry('kerberos', 'ann')]],
    ['the super user', [entry('super', '')]],
    ['a digest without a user', [entry('digest', 'ann')]],
    ['an address that is none', [entry('ip', '10.0.0')]],
    ['one good entry and a bad one', [entry('world', 'anyone'), entry('ip', 'x')]],
    ['"auth" where the client is known by its address alone', [entry('auth', '')]],
  ])('refuses %s', (_, acl) => {
    expect(resolveAcl(acl, [here])).toBeUndefined();
  });

  it('puts all that the client is in the place of "auth"', () => {
    expect(resolveAcl([entry('auth', 'whatever', 3)], [here, ann, bob, SUPER])).toEqual([
      entry('digest', 'ann:xyz', 3),
      entry('digest', 'bob:xyz', 3),
    ]);
  });

  it('refuses more than the most entries, be they written or meant by "auth"', () => {
    const entries = (count: number) => Array.from({ length: count }, (_, index) => entry('digest', `user${index}:x`));
    expect(resolveAcl(entries(ACL_ENTRIES_MAX), [])).toHaveLength(ACL_ENTRIES_MAX);
    expect(resolveAcl(entries(ACL_ENTRIES_MAX + 1), [])).toBeUndefined();
    const own = entries(100);
    const auth = (count: number) => Array.from({ length: count }, (_, index) => entry('auth', `${index}`));
    expect(resolveAcl(auth(ACL_ENTRIES_MAX / 100), own)).toHaveLength(ACL_ENTRIES_MAX);
    expect(resolveAcl(auth(50_000), own)).toBeUndefined();
  });

  it('drops what is there twice, in the order of the first', () => {
    const acl = [
      entry('ip', '1.2.3.4'),
      entry('world', 'anyone', 1),
      entry('ip', '1.2.3.4'),
      entry('ip', '1.2.3.4', 1),
    ];
    expect(resolveAcl(acl, [])).toEqual([acl[0], acl[1], acl[3]]);
  });

  it('keeps the open one once for all znodes', () => {
    expect(resolveAcl([entry('world', 'anyone')], [])).toBe(OPEN_ACL);
  });
});
