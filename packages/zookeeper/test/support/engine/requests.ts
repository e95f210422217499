import {
  type Acl,
  ANY_VERSION,
  type CheckRequest,
  CREATE_FLAGS,
  type CreateMode,
  type CreateRequest,
  type DeleteRequest,
  OPEN_ACL,
  type SetDataRequest,
} from '../../../src/index.ts';

type CreateChanges = { readonly data?: string; readonly acl?: readonly Acl[]; readonly ttlMs?: number };

/** The request that clients make for that mode. */
export function create(path: string, mode: CreateMode = 'persistent', changes: CreateChanges = {}): CreateRequest {
  return {
    op: opOf(mode),
    path,
    data: Buffer.from(changes.data ?? ''),
    acl: changes.acl ?? OPEN_ACL,
    flags: CREATE_FLAGS[mode],
    ...(changes.ttlMs === undefined ? {} : { ttlMs: changes.ttlMs }),
  };
}

export function remove(path: string, version = ANY_VERSION): DeleteRequest {
  return { op: 'delete', path, version };
}

export function setData(path: string, data: string, version = ANY_VERSION): SetDataRequest {
  return { op: 'setData', path, data: Buffer.from(data), version };
}

export function check(path: string, version: number): CheckRequest {
  return { op: 'check', path, version };
}

function opOf(mode: CreateMode): CreateRequest['op'] {
  if (mode === 'container') return 'createContainer';
  return mode === 'persistentWithTtl' || mode === 'persistentSequentialWithTtl' ? 'createTTL' : 'create';
}
