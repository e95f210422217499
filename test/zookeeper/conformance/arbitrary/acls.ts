import { createHash } from 'node:crypto';
import { type Acl, OPEN_ACL, PERMISSION } from '@barnabas/zookeeper';
import fc, { type Arbitrary } from 'fast-check';
import { OWN_ADDRESS } from '../step.ts';

const ADA = 'ada:lovelace';
const BOB = 'bob:';

/** What clients say of themselves. */
export const CREDENTIALS = [ADA, BOB, 'ada:wrong', 'nocolon', ''];

const digestId = (user: string): string => `${user.split(':')[0]}:${createHash('sha1').update(user).digest('base64')}`;

const permissions = fc.constantFrom(
  PERMISSION.all,
  PERMISSION.read,
  PERMISSION.read | PERMISSION.write,
  PERMISSION.all & ~PERMISSION.create,
  PERMISSION.all & ~PERMISSION.delete,
  PERMISSION.all & ~PERMISSION.read,
  PERMISSION.all & ~PERMISSION.admin,
  0,
  64,
);

const BAD_IDENTITIES = [
  { scheme: 'world', id: 'someone' },
  { scheme: 'digest', id: 'nocolon' },
  { scheme: 'digest', id: 'a:b:c' },
  { scheme: 'ip', id: '300.1.1.1' },
  { scheme: 'ip', id: '10.0.0.0/33' },
  { scheme: 'unknown', id: 'x' },
  { scheme: '', id: '' },
  { scheme: 'sasl', id: 'x' },
];

const identity = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ scheme: 'world', id: 'anyone' }) },
  { weight: 4, arbitrary: fc.constantFrom('', '', 'ignored').map((id) => ({ scheme: 'auth', id })) },
  { weight: 4, arbitrary: fc.constantFrom(ADA, BOB).map((user) => ({ scheme: 'digest', id: digestId(user) })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(OWN_ADDRESS, `${OWN_ADDRESS}/8`, '10.1.2.3', '10.0.0.0/8')
      .map((id) => ({ scheme: 'ip', id })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...BAD_IDENTITIES) },
);

const item: Arbitrary<Acl> = fc
  .tuple(permissions, identity)
  .map(([granted, who]) => ({ permissions: granted, ...who }));

export const acl: Arbitrary<readonly Acl[]> = fc.oneof(
  { weight: 30, arbitrary: fc.constant(OPEN_ACL) },
  { weight: 10, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant([]) },
);
