/**
 * `/config/<entity path>`: what is configured for a topic, a broker, a user...; see `config-entity.ts`.
 *
 *   {"version":1,"config":{"retention.ms":"-1","segment.bytes":"2828"}}
 *
 * A znode without data, null or of no length, such as `/config/users/bob` above `/config/users/bob/clients`, configures nothing.
 * Source: Kafka's ConfigEntityZNode.
 */
import { type ConfigEntity, formatEntityPath } from './config-entity.ts';
import { mapOf, object, text } from './json/kinds.ts';
import { readJsonAs } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { inPropertiesOrder } from './order/java-properties-order.ts';

export const CONFIG_PATH = '/config';

/** Values by name. */
export type EntityConfig = ReadonlyMap<string, string>;

export function configPath(entity: ConfigEntity): string {
  return `${CONFIG_PATH}/${formatEntityPath(entity)}`;
}

/** @throws MalformedZnodeError */
export function decodeConfig(entity: ConfigEntity, data: Uint8Array | null): EntityConfig {
  if (data === null || data.length === 0) return new Map();
  return readJsonAs(configPath(entity), data, object).optional('config', mapOf(text)) ?? new Map();
}

/** The names come out in the order of Java's hash table, as Kafka writes them. */
export function encodeConfig(config: EntityConfig): Uint8Array {
  return writeJson({ version: 1, config: new Map(inPropertiesOrder(config)) });
}
