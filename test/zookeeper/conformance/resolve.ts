import type { Acl, CreateRequest, MultiOp, ReadOp, Request } from '@barnabas/zookeeper';
import { CREATED, OWN_ADDRESS, ROOT, SEEN_VERSION } from './step.ts';

/** What the stand-ins of a request stand for, at this moment of a run. */
export type Known = {
  readonly root: string;
  readonly ownAddress: string;
  /** Paths that creates have made, the last one first. */
  readonly created: readonly string[];
  /** By path. */
  readonly versions: ReadonlyMap<string, number>;
  /** Last that the connection has been told. */
  readonly lastZxid: number;
};

/** The request as it is to be sent. */
export const resolveRequest = (request: Request, known: Known): Request => {
  const pathOf = (path: string): string => resolvePath(path, known);
  switch (request.op) {
    case 'multi':
      return { ...request, ops: request.ops.map((op) => resolveOp(op, known)) };
    case 'multiRead':
      return { ...request, ops: request.ops.map((op): ReadOp => ({ ...op, path: pathOf(op.path) })) };
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'setData':
    case 'check':
      return resolveOp(request, known);
    case 'setACL':
      return { ...withVersion({ ...request, path: pathOf(request.path) }, known), acl: resolveAcl(request.acl, known) };
    case 'setWatches':
    case 'setWatches2':
      return {
        op: request.op,
        relativeZxid: Math.max(0, known.lastZxid - request.relativeZxid),
        dataWatches: request.dataWatches.map(pathOf),
        existWatches: request.existWatches.map(pathOf),
        childWatches: request.childWatches.map(pathOf),
        persistentWatches: request.persistentWatches.map(pathOf),
        persistentRecursiveWatches: request.persistentRecursiveWatches.map(pathOf),
      };
    case 'getEphemerals':
      return { ...request, prefix: pathOf(request.prefix) };
    case 'auth':
    case 'whoAmI':
    case 'ping':
    case 'closeSession':
      return request;
    default:
      return { ...request, path: pathOf(request.path) };
  }
};

export const resolvePath = (path: string, { root, created }: Known): string => {
  if (path.startsWith(ROOT)) return `${root}${path.slice(ROOT.length)}`;
  if (path.startsWith(CREATED)) return created[Number(path.slice(CREATED.length)) % created.length] ?? `${root}/a`;
  return path;
};

const resolveOp = (op: MultiOp, known: Known): MultiOp => {
  const path = resolvePath(op.path, known);
  return 'version' in op ? withVersion({ ...op, path }, known) : resolveCreate({ ...op, path }, known);
};

const resolveCreate = (request: CreateRequest, known: Known): CreateRequest => ({
  ...request,
  acl: resolveAcl(request.acl, known),
});

const withVersion = <T extends { readonly path: string; readonly version: number }>(op: T, known: Known): T =>
  op.version === SEEN_VERSION ? { ...op, version: known.versions.get(op.path) ?? 0 } : op;

const resolveAcl = (acl: readonly Acl[], { ownAddress }: Known): Acl[] =>
  acl.map((item) => (item.scheme === 'ip' ? { ...item, id: item.id.replace(OWN_ADDRESS, ownAddress) } : item));
