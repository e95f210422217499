/**
 * Who may do what with a resource:
 *
 *   /kafka-acl/<type>/<name>                    of the resource of that name
 *   /kafka-acl-extended/prefixed/<type>/<name>  of all whose name starts so
 *
 *   {"acls":[{"principal":"User:alice","permissionType":"Allow","host":"*","operation":"Read"}],"version":1}
 *
 * Source: Kafka's ResourceZNode and AclEntry, KIP-290.
 */
import {
  ACL_OPERATIONS,
  ACL_PERMISSIONS,
  type AclOperation,
  type AclPermission,
  type PatternType,
  type ResourcePattern,
} from './acl-names.ts';
import { integer, listOf, object, oneOf, text } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

export type AclEntry = {
  /** `User:alice`. */
  readonly principal: string;
  readonly permission: AclPermission;
  readonly operation: AclOperation;
  /** An address, or `*`. */
  readonly host: string;
};

const ROOTS: Readonly<Record<PatternType, string>> = {
  LITERAL: '/kafka-acl',
  PREFIXED: '/kafka-acl-extended/prefixed',
};

/** The parent of all entries for such patterns; its children are called as the types of resources. */
export function aclRootPath(patternType: PatternType): string {
  return ROOTS[patternType];
}

export function aclPath({ resourceType, name, patternType }: ResourcePattern): string {
  return `${aclRootPath(patternType)}/${resourceType}/${name}`;
}

/**
 * Without data there are none, as with Kafka. One word that is not known makes all of it malformed: what is left would grant
 * more, or less.
 *
 * @throws MalformedZnodeError
 */
export function decodeAcls(resource: ResourcePattern, data: Uint8Array | null): AclEntry[] {
  if (data === null || data.length === 0) return [];
  const json = readJson(aclPath(resource), data);
  json.required('version', integer(1, 1));
  return json.required('acls', listOf(object)).map((entry) => ({
    principal: entry.required('principal', text),
    permission: entry.required('permissionType', oneOf(ACL_PERMISSIONS)),
    operation: entry.required('operation', oneOf(ACL_OPERATIONS)),
    host: entry.required('host', text),
  }));
}

export function encodeAcls(entries: readonly AclEntry[]): Uint8Array {
  const acls = entries.map(({ principal, permission, operation, host }) => ({
    principal,
    permissionType: permission,
    host,
    operation,
  }));
  return writeJson({ acls, version: 1 });
}
