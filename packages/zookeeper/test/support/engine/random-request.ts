import type { Random } from '@barnabas/model';
import { chance, pick } from '@barnabas/testkit';
import {
  type Acl,
  type CreateRequest,
  type MultiOp,
  OPEN_ACL,
  type Request,
  type WatcherType,
} from '../../../src/index.ts';

const NAMES = ['a', 'b', 'n-'];
const ODD_PATHS = [
  '',
  '/',
  '/zookeeper',
  '/zookeeper/quota',
  '/a/',
  '//',
  'a',
  'a/b',
  '/a/..',
  '/\0',
  '/\u{1f600}',
  '/a\ud800',
];
const ACLS: readonly (readonly Acl[])[] = [
  OPEN_ACL,
  OPEN_ACL,
  OPEN_ACL,
  [{ permissions: 31, scheme: 'auth', id: '' }],
  [{ permissions: 1, scheme: 'world', id: 'anyone' }],
  [{ permissions: 31, scheme: 'ip', id: '127.0.0.0/8' }],
  [{ permissions: 31, scheme: 'nonsense', id: '' }],
  [],
];

/** A request of any kind: most of them make sense in a small tree, and some do nowhere. */
export function randomRequest(random: Random): Request {
  const path = randomPath(random);
  const watch = chance(random, 0.5);
  switch (random.below(20)) {
    case 0:
      return { op: 'multi', ops: Array.from({ length: random.below(6) }, () => randomWrite(random)) };
    case 1:
      return { op: 'setACL', path, acl: pick(random, ACLS), version: randomVersion(random) };
    case 2:
      return { op: pick(random, ['exists', 'getChildren2'] as const), path, watch };
    case 3:
      return { op: pick(random, ['getData', 'getChildren'] as const), path, watch };
    case 4:
      return { op: pick(random, ['getACL', 'sync'] as const), path };
    case 5:
      return { op: pick(random, ['deleteContainer', 'getAllChildrenNumber'] as const), path };
    case 6:
      return {
        op: 'multiRead',
        ops: [
          { op: 'getData', path, watch },
          { op: 'getChildren', path: randomPath(random), watch },
        ],
      };
    case 7:
      return { op: 'addWatch', path, mode: pick(random, ['persistent', 'persistentRecursive'] as const) };
    case 8:
      return { op: pick(random, ['checkWatches', 'removeWatches'] as const), path, type: pick(random, WATCHER_TYPES) };
    case 9:
      return randomSetWatches(random);
    case 10:
      return { op: 'auth', scheme: pick(random, ['digest', 'ip', 'other']), auth: random.bytes(random.below(5)) };
    case 11:
      return { op: 'getEphemerals', prefix: path };
    case 12:
      return { op: pick(random, ['whoAmI', 'ping', 'closeSession'] as const) };
    default:
      return randomWrite(random);
  }
}

const WATCHER_TYPES: readonly WatcherType[] = ['children', 'data', 'any', 'persistent', 'persistentRecursive'];

function randomWrite(random: Random): MultiOp {
  const path = randomPath(random);
  const version = randomVersion(random);
  switch (random.below(6)) {
    case 0:
      return { op: 'delete', path, version };
    case 1:
      return { op: 'setData', path, data: randomData(random), version };
    case 2:
      return { op: 'check', path, version };
    default:
      return randomCreate(random);
  }
}

function randomCreate(random: Random): CreateRequest {
  const op = pick(random, ['create', 'create', 'create2', 'createContainer', 'createTTL'] as const);
  const usual = {
    create: random.below(4),
    create2: random.below(4),
    createContainer: 4,
    createTTL: 5 + random.below(2),
  }[op];
  return {
    op,
    path: randomPath(random),
    data: randomData(random),
    acl: pick(random, ACLS),
    flags: chance(random, 0.9) ? usual : random.below(10) - 1,
    ...(op === 'createTTL' ? { ttlMs: pick(random, [1, 1000, 0, -1, 2 ** 40]) } : {}),
  };
}

function randomSetWatches(random: Random): Request {
  const paths = () => Array.from({ length: random.below(4) }, () => randomPath(random));
  return {
    op: 'setWatches2',
    relativeZxid: random.below(100),
    dataWatches: paths(),
    existWatches: paths(),
    childWatches: paths(),
    persistentWatches: paths(),
    persistentRecursiveWatches: paths(),
  };
}

function randomPath(random: Random): string {
  if (chance(random, 0.1)) return pick(random, ODD_PATHS);
  return Array.from({ length: 1 + random.below(3) }, () => `/${pick(random, NAMES)}`).join('');
}

function randomVersion(random: Random): number {
  return chance(random, 0.7) ? -1 : random.below(3);
}

function randomData(random: Random): Uint8Array | null {
  return chance(random, 0.1) ? null : random.bytes(random.below(4));
}
