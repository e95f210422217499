import { type Acl, OPEN_ACL, READ_ACL } from '../../../src/operation/acl.ts';
import type { CreateTxn, LoggedTxn, Txn } from '../../../src/txn/txn.ts';

const SESSION = 0x0100_0000_0000_0001n;
const OTHER_SESSION = 0x0100_0000_0000_0002n;
const DIGEST_ACL: readonly Acl[] = [
  { permissions: 31, scheme: 'digest', id: 'ann:7RJfAeIvrl4zdj6sS2fXrQHDvHM=' },
  { permissions: 1, scheme: 'ip', id: '10.0.0.0/8' },
];

let parentCVersion = 0;

/** Children of the root, so that its cversion counts them. */
const create = (path: string, changes: Partial<CreateTxn> = {}): CreateTxn => ({
  type: 'create',
  path,
  data: Buffer.from(`of ${path}`),
  acl: OPEN_ACL,
  ephemeral: false,
  parentCVersion: ++parentCVersion,
  ...changes,
});

/** A transaction of each kind, and some that meet; sessions have long timeouts, so that none of them expires meanwhile. */
const TXNS: readonly (readonly [sessionId: bigint, txn: Txn])[] = [
  [SESSION, { type: 'createSession', timeoutMs: 40_000 }],
  [OTHER_SESSION, { type: 'createSession', timeoutMs: 30_000 }],
  [SESSION, create('/plain')],
  [SESSION, create('/null', { data: null })],
  [SESSION, create('/empty', { data: Buffer.alloc(0) })],
  [SESSION, create('/ünïcode-日本')],
  [SESSION, create('/mine', { acl: DIGEST_ACL })],
  [SESSION, create('/readable', { acl: READ_ACL })],
  [SESSION, create('/container', { type: 'createContainer' })],
  [SESSION, create('/ttl', { type: 'createTTL', ttlMs: 86_400_000 })],
  [SESSION, create('/ephemeral', { ephemeral: true })],
  [OTHER_SESSION, create('/ephemeral-of-other', { ephemeral: true })],
  [SESSION, { type: 'setData', path: '/plain', data: Buffer.alloc(10_000, 'x'), version: 1 }],
  [SESSION, { type: 'setData', path: '/empty', data: null, version: 1 }],
  [SESSION, { type: 'setACL', path: '/plain', acl: DIGEST_ACL, version: 1 }],
  [SESSION, { type: 'error', code: -110 }],
  [
    SESSION,
    {
      type: 'multi',
      txns: [
        create('/multi'),
        { type: 'check', path: '/plain', version: 1 },
        { type: 'setData', path: '/multi', data: Buffer.from('changed'), version: 1 },
        create('/multi-container', { type: 'createContainer' }),
        create('/multi-ttl', { type: 'createTTL', ttlMs: 3_600_000 }),
        { type: 'delete', path: '/null' },
      ],
    },
  ],
  [
    SESSION,
    {
      type: 'multi',
      txns: [
        { type: 'error', code: 0 },
        { type: 'error', code: -103 },
      ],
    },
  ],
  [SESSION, { type: 'delete', path: '/readable' }],
  [0n, { type: 'deleteContainer', path: '/container' }],
  [OTHER_SESSION, { type: 'closeSession', paths: ['/ephemeral-of-other'] }],
];

export const VARIED_TXNS: readonly LoggedTxn[] = TXNS.map(([sessionId, txn], index) => ({
  header: { sessionId, cxid: index, zxid: index + 1, timeMs: 1_700_000_000_000 + index },
  txn,
}));
