/**
 * The entries for a resource have changed; sequential.
 *
 *   /kafka-acl-changes/acl_changes_<number>           TOPIC:orders    not JSON; of literal patterns
 *   /kafka-acl-extended-changes/acl_changes_<number>  {"version":1,"resourceType":"GROUP","name":"team-","patternType":"PREFIXED"}
 *
 * Source: Kafka's LiteralAclChangeStore and ExtendedAclChangeStore.
 */
import { notifiedResourceType, type ResourcePattern, type ResourceType, resourceTypeOfNotified } from './acl-names.ts';
import { integer, type Kind, oneOf, text } from './json/kinds.ts';
import { Place } from './json/place.ts';
import { readJson, readText } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import type { NotificationKind } from './notification-kind.ts';

const PREFIX = 'acl_changes_';
/** The type has no colon; the name may have. */
const LITERAL = /^(?<type>[^:]*):(?<name>.*)$/s;

export const LITERAL_ACL_CHANGES: NotificationKind<ResourcePattern> = {
  parent: '/kafka-acl-changes',
  prefix: PREFIX,
  decode(path, data) {
    const content = readText(path, data);
    const { type, name } = LITERAL.exec(content)?.groups ?? {};
    const place = new Place(path);
    if (name === undefined) throw place.expected('a type, a colon and a name', content);
    return { resourceType: resourceType(type, place), name, patternType: 'LITERAL' };
  },
  encode: (resource) => Buffer.from(`${notifiedResourceType(resource.resourceType)}:${resource.name}`),
};

export const EXTENDED_ACL_CHANGES: NotificationKind<ResourcePattern> = {
  parent: '/kafka-acl-extended-changes',
  prefix: PREFIX,
  decode(path, data) {
    const json = readJson(path, data);
    json.required('version', integer(0, 1));
    return {
      resourceType: json.required('resourceType', resourceType),
      name: json.required('name', text),
      patternType: json.required('patternType', oneOf(['PREFIXED'])),
    };
  },
  encode: (resource) =>
    writeJson({
      version: 1,
      resourceType: notifiedResourceType(resource.resourceType),
      name: resource.name,
      patternType: resource.patternType,
    }),
};

const resourceType: Kind<ResourceType> = (value, place) => {
  const type = typeof value === 'string' ? resourceTypeOfNotified(value) : undefined;
  if (type === undefined) throw place.expected('a type of resource', value);
  return type;
};
