import { describe, expect, it } from 'vitest';
import { CONFIG_CHANGES } from '../../../src/znodes/config-change-notification.ts';
import { type ConfigEntity, DEFAULT_ENTITY, formatEntityPath } from '../../../src/znodes/config-entity.ts';
import { configPath, encodeConfig } from '../../../src/znodes/config-znode.ts';
import { createBasePaths } from '../../../src/znodes/protocol/base-paths.ts';
import { createPaths } from '../../../src/znodes/protocol/create-paths.ts';
import { followConfigChanges } from '../../../src/znodes/protocol/follow-config-changes.ts';
import { writeNotification } from '../../../src/znodes/protocol/write-notification.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

const TOPIC: ConfigEntity = { type: 'topic', topic: 't' };
const CLIENTS: ConfigEntity = { type: 'userClient', user: 'a b', client: DEFAULT_ENTITY };

describe('followConfigChanges', () => {
  it('tells what is configured now, not what was when it was notified', async () => {
    const { ensemble, configure, heard, start } = await begin();
    await configure(TOPIC, [['retention.ms', '1']]);
    await configure(TOPIC, [['retention.ms', '2']]);
    await ensemble.run(start());
    expect(heard).toEqual(['topics/t retention.ms=2', 'topics/t retention.ms=2']);
    await configure(CLIENTS, [['producer_byte_rate', '10']]);
    expect(heard.slice(2)).toEqual(['users/a%20b/clients/<default> producer_byte_rate=10']);
  });

  it('tells that nothing is configured where the znode is gone', async () => {
    const { ensemble, session, heard, start } = await begin();
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, TOPIC));
    await ensemble.run(start());
    expect(heard).toEqual(['topics/t ']);
  });

  it('passes over a configuration that cannot be read, and reports it', async () => {
    const { ensemble, session, configure, heard, reported, start } = await begin();
    await ensemble.run(session.create(configPath(TOPIC), Buffer.from('{"config":')));
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, TOPIC));
    await configure(CLIENTS, []);
    await ensemble.run(start());
    expect(heard).toEqual(['users/a%20b/clients/<default> ']);
    expect(reported).toEqual(['znode /config/topics/t is malformed: it is not JSON']);
  });
});

async function begin() {
  const ensemble = new ZnodesEnsemble();
  const session = await ensemble.newSession();
  await ensemble.run(createBasePaths(session));
  const heard: string[] = [];
  const reported: string[] = [];
  const follower = followConfigChanges(session, {
    clock: ensemble.clock,
    report: (_path, error) => reported.push(error instanceof Error ? error.message : String(error)),
    changed: (entity, config) => {
      heard.push(`${formatEntityPath(entity)} ${Array.from(config, ([name, value]) => `${name}=${value}`).join()}`);
    },
  });
  const configure = async (entity: ConfigEntity, config: readonly (readonly [string, string])[]): Promise<void> => {
    await ensemble.run(createPaths(session, [configPath(entity)]));
    await ensemble.run(session.set(configPath(entity), encodeConfig(new Map(config)), -1));
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, entity));
    await ensemble.scheduler.advanceBy(100);
  };
  return { ensemble, session, configure, heard, reported, start: () => follower.start() };
}
