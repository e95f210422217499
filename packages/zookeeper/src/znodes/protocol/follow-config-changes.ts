import type { ZooKeeperSession } from '../../session/session.ts';
import { CONFIG_CHANGES } from '../config-change-notification.ts';
import type { ConfigEntity } from '../config-entity.ts';
import type { EntityConfig } from '../config-znode.ts';
import { readEntityConfig } from './entity-config.ts';
import { type FollowOptions, NotificationFollower } from './notification-follower.ts';

export type FollowConfigOptions = Pick<FollowOptions<ConfigEntity>, 'report' | 'clock'> & {
  /** Called with what is configured now, one change after the other. */
  changed(entity: ConfigEntity, config: EntityConfig): Promise<void> | void;
};

/** A follower of changes of configuration, to be started; see there. */
export function followConfigChanges(
  session: ZooKeeperSession,
  { changed, report, clock }: FollowConfigOptions,
): NotificationFollower<ConfigEntity> {
  return new NotificationFollower(session, {
    kind: CONFIG_CHANGES,
    report,
    clock,
    handle: async (entity) => changed(entity, await readEntityConfig(session, entity)),
  });
}
