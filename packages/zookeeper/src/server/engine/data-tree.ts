import { ERROR_CODES, type ErrorCodeName } from '../../operation/error-code.ts';
import { childPath, nameOf, parentPath } from '../../operation/path.ts';
import type { NodeRecord } from '../../txn/tree-image.ts';
import type { CreateTxn, Txn, TxnHeader } from '../../txn/txn.ts';
import type { Applied, ChangeListener } from './applied.ts';
import { BUILT_IN_NODES } from './built-in-nodes.ts';
import { CONTAINER_OWNER, kindOfOwner, PERSISTENT_OWNER, ttlOwner } from './ephemeral-owner.ts';
import { MalformedTreeImageError } from './malformed-tree-image-error.ts';
import { resultsOfFailedMulti } from './multi-results.ts';
import { SpecialNodes } from './special-nodes.ts';
import { TreeNode } from './tree-node.ts';
import { nextInt32, type TreeView } from './tree-view.ts';

/** Parent cversion of a creation that was logged before ZooKeeper 3.4, and does not tell it. */
const UNKNOWN_PARENT_CVERSION = -1;

/**
 * The znodes. `apply` alone changes them, and judges nothing: what it is given was decided. Serving and replaying after a
 * restart are the same call; as an image may be ahead of its zxid, a transaction may find its work done, or undone by a
 * later one, and that is no failure of the whole.
 *
 * Source of the rules: ZooKeeper 3.8's DataTree.
 */
export class DataTree implements TreeView {
  /** A parent comes before its children. */
  readonly #nodes = new Map<string, TreeNode>();
  readonly #root: TreeNode;
  readonly special = new SpecialNodes();
  readonly #extendedTypes: boolean;
  #dataBytes = 0;

  /**
   * @param nodes a parent before its children; the built-in ones may lack
   * @throws MalformedTreeImageError where a parent lacks
   */
  constructor(extendedTypes: boolean, nodes: Iterable<readonly [path: string, node: NodeRecord]> = []) {
    this.#extendedTypes = extendedTypes;
    for (const [path, record] of BUILT_IN_NODES) this.#load(path, record);
    for (const [path, record] of nodes) this.#load(path, record);
    const root = this.#nodes.get('/');
    if (root === undefined) throw new MalformedTreeImageError('there is no root');
    this.#root = root;
  }

  get nodeCount(): number {
    return this.#nodes.size;
  }

  /** Of paths and data, roughly. */
  get approximateBytes(): number {
    return this.#dataBytes;
  }

  find(path: string): TreeNode | undefined {
    return path === '' ? this.#root : this.#nodes.get(path);
  }

  /** Paths and records as they are now: what comes later does not show. */
  entries(): Iterable<readonly [path: string, node: NodeRecord]> {
    const paths = [...this.#nodes.keys()];
    const records = Array.from(this.#nodes.values(), ({ record }) => record);
    return {
      *[Symbol.iterator]() {
        for (const [index, path] of paths.entries()) yield [path, records[index] as NodeRecord];
      },
    };
  }

  /** How many znodes there are below `path`. */
  countBelow(path: string): number {
    if (path === '/') return this.#nodes.size - 1;
    let count = 0;
    const unvisited = [path];
    for (let next = unvisited.pop(); next !== undefined; next = unvisited.pop()) {
      for (const name of this.#nodes.get(next)?.children ?? []) {
        count++;
        unvisited.push(childPath(next, name));
      }
    }
    return count;
  }

  /** @param onChange is told what changed, as soon as it has */
  apply(header: TxnHeader, txn: Txn, onChange: ChangeListener = ignore): Applied {
    switch (txn.type) {
      case 'create':
      case 'createContainer':
      case 'createTTL':
        return this.#create(header, txn, onChange);
      case 'delete':
      case 'deleteContainer':
        return this.#delete(header, txn.path, onChange);
      case 'setData':
        return this.#replace(txn.path, { data: txn.data, version: txn.version, ...changedAt(header) }, onChange);
      case 'setACL':
        return this.#replace(txn.path, { acl: txn.acl, aversion: txn.version }, ignore);
      case 'closeSession':
        return this.#closeSession(header, txn.paths, onChange);
      case 'check':
        return { type: 'checked' };
      case 'createSession':
        return { type: 'session' };
      case 'error':
        return { type: 'failed', code: txn.code };
      case 'multi': {
        const failed = resultsOfFailedMulti(txn.txns);
        return { type: 'multi', results: failed ?? txn.txns.map((part) => this.apply(header, part, onChange)) };
      }
    }
  }

  #create(header: TxnHeader, txn: CreateTxn, onChange: ChangeListener): Applied {
    const { path } = txn;
    const parent = this.#nodes.get(parentPath(path));
    if (parent === undefined) return failed('NO_NODE');
    raiseCVersion(parent, txn.parentCVersion, header.zxid);
    if (!parent.addChild(nameOf(path))) return failed('NODE_EXISTS');
    // An image that is ahead may have it below a parent that was deleted and created anew since.
    this.#remove(path);
    const node = this.#put(path, newRecord(header, txn));
    onChange('created', path, { own: txn.acl, parent: parent.acl });
    return { type: 'created', kind: txn.type, path, stat: node.stat() };
  }

  #delete({ zxid }: TxnHeader, path: string, onChange: ChangeListener): Applied {
    const parent = this.#nodes.get(parentPath(path));
    if (parent === undefined) return failed('NO_NODE');
    parent.removeChild(nameOf(path));
    if (zxid > parent.record.pzxid) parent.record = { ...parent.record, pzxid: zxid };
    const node = this.#remove(path);
    if (node === undefined) return failed('NO_NODE');
    onChange('deleted', path, { own: node.acl, parent: parent.acl });
    return { type: 'deleted' };
  }

  #replace(path: string, changes: Partial<NodeRecord>, onChange: ChangeListener): Applied {
    const node = this.#nodes.get(path);
    if (node === undefined) return failed('NO_NODE');
    const { data } = node.record;
    node.record = { ...node.record, ...changes };
    this.#dataBytes += (node.record.data?.length ?? 0) - (data?.length ?? 0);
    onChange('dataChanged', path, { own: node.acl, parent: [] });
    return { type: 'changed', stat: node.stat() };
  }

  /** `paths` are all that the session had when it ended; logs of before 3.6 name none, and the tree knows them. */
  #closeSession(header: TxnHeader, paths: readonly string[], onChange: ChangeListener): Applied {
    const owned = this.special.ephemeralsOf(header.sessionId);
    for (const path of paths) this.#delete(header, path, onChange);
    for (const path of owned) if (this.#nodes.has(path)) this.#delete(header, path, onChange);
    this.special.forget(header.sessionId);
    return { type: 'session' };
  }

  #load(path: string, record: NodeRecord): void {
    if (path !== '/') {
      const parent = this.#nodes.get(parentPath(path));
      if (parent === undefined) throw new MalformedTreeImageError(`${path} comes before its parent`);
      parent.addChild(nameOf(path));
    }
    const known = this.#nodes.get(path);
    if (known === undefined) this.#put(path, record);
    else this.#replace(path, record, ignore);
  }

  #put(path: string, record: NodeRecord): TreeNode {
    const node = new TreeNode(record, kindOfOwner(record.ephemeralOwner, this.#extendedTypes));
    this.#nodes.set(path, node);
    this.special.add(path, node);
    this.#dataBytes += path.length + (record.data?.length ?? 0);
    return node;
  }

  #remove(path: string): TreeNode | undefined {
    const node = this.#nodes.get(path);
    if (node === undefined) return undefined;
    this.#nodes.delete(path);
    this.special.remove(path, node);
    this.#dataBytes -= path.length + (node.record.data?.length ?? 0);
    return node;
  }
}

/** A repeated creation may tell of an older state of the parent than the parent is in. */
function raiseCVersion(parent: TreeNode, parentCVersion: number, zxid: number): void {
  const { cversion } = parent.record;
  const next = parentCVersion === UNKNOWN_PARENT_CVERSION ? nextInt32(cversion) : parentCVersion;
  if (next > cversion) parent.record = { ...parent.record, cversion: next, pzxid: zxid };
}

function newRecord(header: TxnHeader, txn: CreateTxn): NodeRecord {
  return {
    data: txn.data,
    acl: txn.acl,
    czxid: header.zxid,
    mzxid: header.zxid,
    pzxid: header.zxid,
    ctimeMs: header.timeMs,
    mtimeMs: header.timeMs,
    version: 0,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: ownerOf(header, txn),
  };
}

function ownerOf({ sessionId }: TxnHeader, txn: CreateTxn): bigint {
  if (txn.type === 'createContainer') return CONTAINER_OWNER;
  if (txn.type === 'createTTL') return ttlOwner(txn.ttlMs ?? 0);
  return txn.ephemeral ? sessionId : PERSISTENT_OWNER;
}

function changedAt({ zxid, timeMs }: TxnHeader): Pick<NodeRecord, 'mzxid' | 'mtimeMs'> {
  return { mzxid: zxid, mtimeMs: timeMs };
}

function failed(error: ErrorCodeName): Applied {
  return { type: 'failed', code: ERROR_CODES[error] };
}

function ignore(): void {}
