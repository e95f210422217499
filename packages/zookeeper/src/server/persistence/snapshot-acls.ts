import { type Acl, OPEN_ACL } from '../../operation/acl.ts';

/** Stands for "everyone may do everything" without being in a table (`ReferenceCountedACLCache`). */
const OPEN_ACL_ID = -1;

/** The ACLs of a tree, each with a number; nodes in a snapshot have the number. Most trees have a handful. */
export class AclTable {
  readonly #idByList = new Map<readonly Acl[], number>();
  readonly #idByContent = new Map<string, number>([[contentKey(OPEN_ACL), OPEN_ACL_ID]]);
  readonly #lists: (readonly Acl[])[] = [];

  /** With their numbers, which count from 1. */
  *entries(): Iterable<readonly [id: number, acl: readonly Acl[]]> {
    for (const [index, acl] of this.#lists.entries()) yield [index + 1, acl];
  }

  get size(): number {
    return this.#lists.length;
  }

  /** The number of an ACL, which it gets by this if it has none. */
  idOf(acl: readonly Acl[]): number {
    const known = this.#idByList.get(acl);
    if (known !== undefined) return known;
    const key = contentKey(acl);
    const id = this.#idByContent.get(key) ?? this.#lists.push(acl);
    this.#idByContent.set(key, id);
    this.#idByList.set(acl, id);
    return id;
  }
}

/** The ACLs of a snapshot that is read, by number. */
export class AclsById {
  readonly #lists = new Map<bigint, readonly Acl[]>([[BigInt(OPEN_ACL_ID), OPEN_ACL]]);

  add(id: bigint, acl: readonly Acl[]): void {
    this.#lists.set(id, acl);
  }

  get(id: bigint): readonly Acl[] | undefined {
    return this.#lists.get(id);
  }
}

function contentKey(acl: readonly Acl[]): string {
  return JSON.stringify(acl.map(({ permissions, scheme, id }) => [permissions, scheme, id]));
}
