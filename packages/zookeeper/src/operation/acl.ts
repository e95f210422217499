/** Who may do what with one znode; never inherited by its children. */
export type Acl = {
  /** Bits of `PERMISSION`. */
  readonly permissions: number;
  /** `world`, `auth`, `digest` or `ip`, and what other servers know. */
  readonly scheme: string;
  /** What the scheme takes: `anyone`, '', `user:base64(sha1(user:password))`, `10.0.0.0/8`. */
  readonly id: string;
};

export const PERMISSION = { read: 1, write: 2, create: 4, delete: 8, admin: 16, all: 31 } as const;

/** Everything is allowed to everyone. */
export const OPEN_ACL: readonly Acl[] = [{ permissions: PERMISSION.all, scheme: 'world', id: 'anyone' }];

/** Everything is allowed to those as whom the creating session has authenticated itself. */
export const CREATOR_ALL_ACL: readonly Acl[] = [{ permissions: PERMISSION.all, scheme: 'auth', id: '' }];

/** Everyone may read. */
export const READ_ACL: readonly Acl[] = [{ permissions: PERMISSION.read, scheme: 'world', id: 'anyone' }];
