import type { ZooKeeperSession } from '../../session/session.ts';
import type { ConfigEntity } from '../config-entity.ts';
import { configPath, decodeConfig, type EntityConfig } from '../config-znode.ts';
import { readOptional } from './read-optional.ts';

/** What is configured now; nothing where there is no znode. Rejects with MalformedZnodeError and ZooKeeperError. */
export async function readEntityConfig(session: ZooKeeperSession, entity: ConfigEntity): Promise<EntityConfig> {
  const found = await readOptional(session, configPath(entity));
  return decodeConfig(entity, found?.data ?? null);
}
