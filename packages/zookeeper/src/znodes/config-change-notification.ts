/**
 * `/config/changes/config_change_<number>`, sequential: the configuration of an entity has changed. It is a hint: what is
 * configured now stands in the znode of the entity.
 *
 *   {"version":2,"entity_path":"users/alice/clients/c1"}
 *   {"version":1,"entity_type":"topics","entity_name":"t"}   before Kafka 0.10.1; of topics and clients
 *
 * Source: Kafka's ConfigEntityChangeNotificationSequenceZNode and ZkConfigManager.
 */
import { type ConfigEntity, formatEntityPath, parseEntityPath } from './config-entity.ts';
import { type Fields, integer, oneOf, text } from './json/kinds.ts';
import { Place } from './json/place.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import type { NotificationKind } from './notification-kind.ts';

/** @throws MalformedZnodeError */
export function decodeConfigChange(path: string, data: Uint8Array | null): ConfigEntity {
  const json = readJson(path, data);
  const entityPath =
    json.required('version', integer(1, 2)) === 1 ? pathOfVersion1(json) : json.required('entity_path', text);
  const entity = parseEntityPath(entityPath);
  if (entity === undefined) throw new Place(path).expected('the path of an entity', entityPath);
  return entity;
}

export function encodeConfigChange(entity: ConfigEntity): Uint8Array {
  return writeJson({ version: 2, entity_path: formatEntityPath(entity) });
}

export const CONFIG_CHANGES: NotificationKind<ConfigEntity> = {
  parent: '/config/changes',
  prefix: 'config_change_',
  decode: decodeConfigChange,
  encode: encodeConfigChange,
};

function pathOfVersion1(json: Fields): string {
  return `${json.required('entity_type', oneOf(['topics', 'clients']))}/${json.required('entity_name', text)}`;
}
