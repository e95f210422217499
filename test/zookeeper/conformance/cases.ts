import { CREATE_FLAGS, type CreateRequest, OPEN_ACL, type Request } from '@barnabas/zookeeper';
import { ROOT, type Step } from './step.ts';

/** What once differed, or what chance seldom finds. */
export type Case = { readonly name: string; readonly steps: readonly Step[] };

const A = `${ROOT}/a`;

const by = (slot: number, ...requests: readonly Request[]): Step[] =>
  requests.map((request) => ({ do: 'request', slot, request }));

const create = (path: string, fields: Partial<CreateRequest> = {}): Request => ({
  op: 'create',
  path,
  data: null,
  acl: OPEN_ACL,
  flags: CREATE_FLAGS.persistent,
  ...fields,
});

const ADA_ALONE = [{ permissions: 31, scheme: 'digest', id: 'ada:BOZYB6VIgIfYgyL3LZXjIZ09RPU=' }];
const ADA: Request = { op: 'auth', scheme: 'digest', auth: Buffer.from('ada:lovelace') };

export const CASES: readonly Case[] = [
  {
    name: 'who may not read a znode hears nothing of it, and its watch is used up',
    steps: [
      ...by(0, create(A), { op: 'addWatch', path: A, mode: 'persistentRecursive' }),
      ...by(0, { op: 'exists', path: `${A}/secret`, watch: true }),
      ...by(0, { op: 'getChildren', path: A, watch: true }),
      ...by(1, ADA, create(`${A}/secret`, { acl: ADA_ALONE })),
      ...by(0, { op: 'getChildren', path: A, watch: true }),
      ...by(1, { op: 'setData', path: `${A}/secret`, data: Buffer.from('1'), version: -1 }),
      ...by(1, { op: 'setACL', path: A, acl: ADA_ALONE, version: -1 }),
      ...by(1, { op: 'delete', path: `${A}/secret`, version: -1 }, { op: 'delete', path: A, version: -1 }),
      ...by(0, { op: 'ping' }),
    ],
  },
  {
    name: 'who may not read a znode any more is still told of it after a reconnection',
    steps: [
      ...by(1, ADA, create(A, { acl: ADA_ALONE })),
      { do: 'cut', slot: 0 },
      { do: 'reattach', slot: 0, how: 'right' },
      ...by(0, {
        op: 'setWatches2',
        relativeZxid: 12,
        dataWatches: [A, `${A}/none`],
        existWatches: [A, `${A}/none`],
        childWatches: [A, `${A}/none`],
        persistentWatches: [A],
        persistentRecursiveWatches: [`${A}/none`],
      }),
    ],
  },
  {
    name: 'any connection sees that there are watches, until the one that has them is gone',
    steps: [
      ...by(0, { op: 'addWatch', path: A, mode: 'persistentRecursive' }),
      ...by(1, { op: 'checkWatches', path: A, type: 'children' }, { op: 'checkWatches', path: A, type: 'data' }),
      ...by(1, { op: 'removeWatches', path: A, type: 'any' }),
      { do: 'cut', slot: 0 },
      ...by(1, { op: 'checkWatches', path: A, type: 'children' }),
    ],
  },
  {
    name: 'a transaction that fails changes nothing, whatever its first half did',
    steps: [
      ...by(0, create(A), { op: 'addWatch', path: A, mode: 'persistentRecursive' }),
      ...by(1, {
        op: 'multi',
        ops: [
          { op: 'create', path: `${A}/x`, data: null, acl: OPEN_ACL, flags: CREATE_FLAGS.ephemeral },
          { op: 'create', path: `${A}/n-`, data: null, acl: OPEN_ACL, flags: CREATE_FLAGS.persistentSequential },
          { op: 'setData', path: A, data: Buffer.from('2'), version: 0 },
          { op: 'check', path: A, version: 0 },
          { op: 'delete', path: `${A}/x`, version: -1 },
        ],
      }),
      ...by(1, create(`${A}/n-`, { op: 'create2', flags: CREATE_FLAGS.persistentSequential })),
      ...by(1, { op: 'getEphemerals', prefix: '/' }, { op: 'getData', path: A, watch: false }),
    ],
  },
  {
    name: 'several ephemeral znodes go with their session in the same order',
    steps: [
      ...by(1, create(A), { op: 'addWatch', path: A, mode: 'persistentRecursive' }),
      ...by(
        0,
        ...['x', 'y', 'z', 'longer', '日本'].map((name) => create(`${A}/${name}`, { flags: CREATE_FLAGS.ephemeral })),
      ),
      ...by(0, { op: 'getEphemerals', prefix: '/' }, { op: 'getChildren', path: A, watch: true }),
      { do: 'close', slot: 0 },
    ],
  },
  {
    name: 'what a server has from the beginning is there and stays there',
    steps: [
      ...by(0, { op: 'getChildren', path: '/zookeeper', watch: false }, { op: 'getACL', path: '/zookeeper/config' }),
      ...by(
        0,
        create('/'),
        create(''),
        { op: 'delete', path: '/', version: -1 },
        { op: 'delete', path: '', version: -1 },
      ),
      ...['/zookeeper', '/zookeeper/quota', '/zookeeper/config'].flatMap((path) =>
        by(0, { op: 'delete', path, version: -1 }, { op: 'setData', path, data: Buffer.from('x'), version: -1 }),
      ),
      ...by(
        0,
        { op: 'exists', path: '/zookeeper/quota', watch: false },
        { op: 'getAllChildrenNumber', path: '/zookeeper' },
      ),
    ],
  },
  {
    name: 'a client cannot remove a container as the server does',
    steps: by(0, create(A, { op: 'createContainer', flags: CREATE_FLAGS.container }), {
      op: 'deleteContainer',
      path: A,
    }),
  },
  {
    name: 'a request larger than the server takes ends the connection',
    steps: [
      ...by(0, create(A), { op: 'setData', path: A, data: Buffer.alloc(1_048_575), version: -1 }),
      ...by(0, { op: 'exists', path: A, watch: false }),
    ],
  },
];
