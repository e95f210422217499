import { DEFAULT_LOG_CONFIG } from '@barnabas/model';
import {
  CONFIG_CHANGES,
  createPaths,
  encodeConfig,
  writeNotification,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { TopicConfigs } from '../../src/topics/topic-configs.ts';
import { TopicEnsemble } from '../support/topics/topic-ensemble.ts';
import { loggerInto } from '../support/topics/topic-lab.ts';

describe('TopicConfigs', () => {
  it('has what is set over what the broker sets', async () => {
    const { configs, load, set } = await begin({ ...DEFAULT_LOG_CONFIG, segmentBytes: 5000 });
    await set('t', { 'retention.ms': '5' });
    await set('empty', {});
    await load();
    expect(configs.configOf('t')).toMatchObject({ retentionMs: 5, segmentBytes: 5000 });
    expect(Object.fromEntries(configs.overridesOf('t'))).toEqual({ 'retention.ms': '5' });
    for (const topic of ['empty', 'none']) {
      expect(configs.configOf(topic).segmentBytes).toBe(5000);
      expect(configs.overridesOf(topic).size).toBe(0);
    }
  });

  it('follows changes, and tells of those topics alone', async () => {
    const { configs, follow, set, change, changed } = await begin();
    await set('t', { 'retention.ms': '5' });
    await set('other', { 'retention.ms': '6' });
    await follow();
    expect(changed.splice(0).toSorted()).toEqual(['other', 't']);
    await change('t', { 'retention.ms': '7' });
    expect([changed.splice(0), configs.configOf('t').retentionMs]).toEqual([['t'], 7]);
    await change('t', { 'retention.ms': '7' });
    await change('t', {});
    expect([changed, configs.configOf('t')]).toEqual([['t'], DEFAULT_LOG_CONFIG]);
  });

  it('tells nobody who has called it off, and everybody else, whatever one of them throws', async () => {
    const { configs, follow, change, changed, logged } = await begin();
    await follow();
    configs.onChange(() => {
      throw new Error('no');
    });
    const deaf: string[] = [];
    configs.onChange((topic) => deaf.push(topic))();
    const alsoChanged: string[] = [];
    configs.onChange((topic) => alsoChanged.push(topic));
    await change('t', { 'retention.ms': '7' });
    expect([changed, alsoChanged, deaf]).toEqual([['t'], ['t'], []]);
    expect(logged).toEqual(['error: a changed configuration could not be applied: no']);
  });

  it('sees in the next session what changed while it had none, also what nobody is notified of any more', async () => {
    const { configs, ensemble, session, follow, set, changed, newSession } = await begin();
    for (const topic of ['kept', 'changed', 'gone']) await set(topic, { 'retention.ms': '5' });
    await follow();
    changed.length = 0;
    ensemble.zookeeper.expire(session.sessionId);
    await ensemble.scheduler.advanceBy(1000);
    expect(session.state).toBe('LOST');
    const next = await newSession();
    await set('changed', { 'retention.ms': '6' }, next);
    await set('new', { 'retention.ms': '7' }, next);
    await ensemble.run(next.delete('/config/topics/gone', -1));
    expect(configs.configOf('gone').retentionMs).toBe(5);
    await ensemble.run(configs.follow(next));
    expect(changed.toSorted()).toEqual(['changed', 'gone', 'new']);
    const retention = ['kept', 'changed', 'gone', 'new'].map((topic) => configs.configOf(topic).retentionMs);
    expect(retention).toEqual([5, 6, DEFAULT_LOG_CONFIG.retentionMs, 7]);
  });

  it('goes on following after the connection was broken', async () => {
    const { configs, ensemble, host, follow, set, newSession } = await begin();
    await set('t', { 'retention.ms': '5' });
    await follow();
    const other = await newSession();
    host.cut();
    await set('t', { 'retention.ms': '6' }, other);
    await ensemble.run(writeNotification(other, CONFIG_CHANGES, { type: 'topic', topic: 't' }));
    await ensemble.scheduler.advanceBy(2000);
    expect(configs.configOf('t').retentionMs).toBe(6);
  });

  it('handles hundreds of notifications', async () => {
    const { configs, ensemble, session, follow, set, newSession } = await begin();
    const topics = Array.from({ length: 20 }, (_, index) => `t${index}`);
    for (const topic of topics) await set(topic, { 'retention.ms': '1' });
    await follow();
    const other = await newSession();
    const writes = Array.from({ length: 400 }, (_, index) => {
      const topic = topics[index % topics.length] ?? '';
      const config = encodeConfig(new Map([['retention.ms', `${1000 + index}`]]));
      return other
        .set(`/config/topics/${topic}`, config, -1)
        .then(() => writeNotification(other, CONFIG_CHANGES, { type: 'topic', topic }));
    });
    await ensemble.run(Promise.all(writes));
    await ensemble.scheduler.advanceBy(10_000);
    expect(topics.map((topic) => configs.configOf(topic).retentionMs)).toEqual(topics.map((_, index) => 1380 + index));
    // A broker that comes now has them all before it.
    const late = await begin(DEFAULT_LOG_CONFIG, ensemble);
    await ensemble.run(late.configs.follow(late.session));
    expect(late.configs.configOf('t19').retentionMs).toBe(1399);
    expect(session.state).toBe('CONNECTED');
  });

  it('reads thousands of topics', async () => {
    const { configs, ensemble, session, load } = await begin();
    const topics = Array.from({ length: 2500 }, (_, index) => `t${index}`);
    const config = encodeConfig(new Map([['retention.ms', '5']]));
    await ensemble.run(Promise.all(topics.map((topic) => session.create(`/config/topics/${topic}`, config))));
    await load();
    expect(topics.every((topic) => configs.configOf(topic).retentionMs === 5)).toBe(true);
  });

  it('keeps what it has where a znode is malformed, and logs its path', async () => {
    const { configs, ensemble, session, follow, set, change, logged, changed } = await begin();
    await set('t', { 'retention.ms': '-1' });
    await set('u', { 'retention.ms': '-1' });
    await follow();
    changed.length = 0;
    await ensemble.run(session.set('/config/topics/t', Buffer.from('{"config":'), -1));
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, { type: 'topic', topic: 't' }));
    await change('u', { 'retention.ms': 'for ever', 'segment.bytes': '1000' });
    expect([configs.configOf('t').retentionMs, changed]).toEqual([-1, ['u']]);
    expect(configs.configOf('u')).toMatchObject({ retentionMs: -1, segmentBytes: 1000 });
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatch(/^error: the configuration of a topic stays as it was.*\/config\/topics\/t: .*not JSON/);
    expect(logged[1]).toMatch(
      /^error: a property of a topic stays as it was.*\/config\/topics\/u: retention.ms: "for ever"/,
    );
  });

  it('passes over notifications that are none, and of others than topics', async () => {
    const { ensemble, session, follow, change, changed, logged } = await begin();
    await follow();
    await ensemble.run(
      session.create('/config/changes/config_change_', Buffer.from('?'), { mode: 'persistentSequential' }),
    );
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, { type: 'user', user: 'alice' }));
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, { type: 'topic', topic: '..' }));
    await change('t', { 'retention.ms': '7' });
    expect(changed).toEqual(['t']);
    expect(logged).toHaveLength(2);
    expect(logged[0]).toMatch('/config/changes/config_change_0000000000');
  });

  it('reads anew what is set for a topic that was created', async () => {
    const { configs, ensemble, follow, set, changed, logged } = await begin();
    await set('again', { 'retention.ms': '5' });
    await follow();
    await set('again', {});
    await set('new', { 'min.insync.replicas': '2' });
    await ensemble.run(configs.refresh(['again', 'new', 'none', '..']));
    expect([configs.configOf('again'), configs.configOf('new').minInsyncReplicas]).toEqual([DEFAULT_LOG_CONFIG, 2]);
    expect(changed).toEqual(['again', 'again', 'new']);
    expect(logged).toHaveLength(1);
  });

  it('does not wait for ZooKeeper with what has to be opened now', async () => {
    const { configs, ensemble, host, follow, set } = await begin();
    await set('t', { 'retention.ms': '5' });
    await follow();
    host.hold();
    const startMs = ensemble.clock.steadyMs();
    await ensemble.run(configs.refresh(['t']));
    expect(ensemble.clock.steadyMs() - startMs).toBeLessThanOrEqual(2001);
    await ensemble.scheduler.advanceBy(5000);
    await configs.refresh(['t']);
    expect(configs.configOf('t').retentionMs).toBe(5);
  });

  it('takes nothing from a session that another has followed, and nothing once it is closed', async () => {
    const { configs, ensemble, session, follow, change, set, newSession } = await begin();
    await follow();
    const next = await newSession();
    await ensemble.run(configs.follow(next));
    ensemble.zookeeper.expire(next.sessionId);
    await ensemble.scheduler.advanceBy(100);
    await change('t', { 'retention.ms': '5' });
    expect(configs.configOf('t')).toBe(DEFAULT_LOG_CONFIG);
    const last = await newSession();
    const following = configs.follow(last);
    configs.close();
    await ensemble.run(following);
    await set('u', { 'retention.ms': '6' }, session);
    await configs.refresh(['u']);
    expect([configs.configOf('t'), configs.configOf('u')]).toEqual([DEFAULT_LOG_CONFIG, DEFAULT_LOG_CONFIG]);
  });

  it('does not start on what it could not read', async () => {
    const { configs, ensemble, session } = await begin();
    const loading = configs.load(session);
    ensemble.zookeeper.expire(session.sessionId);
    await expect(ensemble.run(loading)).rejects.toMatchObject({ code: 'SESSION_EXPIRED' });
    await ensemble.run(configs.follow(session));
  });

  it('begins with nothing where nothing was ever configured', async () => {
    const { configs, ensemble, session, load } = await begin();
    await ensemble.run(session.delete('/config/topics', -1));
    await load();
    expect(configs.configOf('t')).toBe(DEFAULT_LOG_CONFIG);
  });
});

async function begin(topicDefaults = DEFAULT_LOG_CONFIG, existing?: TopicEnsemble) {
  const ensemble = existing ?? (await TopicEnsemble.start());
  const host = ensemble.zookeeper.newHost();
  const session = await ensemble.newSession(host);
  const logged: string[] = [];
  const configs = new TopicConfigs({ topicDefaults, clock: ensemble.clock, logger: loggerInto(logged) });
  const changed: string[] = [];
  configs.onChange((topic) => changed.push(topic));
  const set = async (topic: string, config: Readonly<Record<string, string>>, by: ZooKeeperSession = session) => {
    const path = `/config/topics/${topic}`;
    await ensemble.run(createPaths(by, [path]));
    await ensemble.run(by.set(path, encodeConfig(new Map(Object.entries(config))), -1));
  };
  const change = async (topic: string, config: Readonly<Record<string, string>>) => {
    await set(topic, config);
    await ensemble.run(writeNotification(session, CONFIG_CHANGES, { type: 'topic', topic }));
    await ensemble.scheduler.advanceBy(100);
  };
  return {
    ensemble,
    host,
    session,
    configs,
    changed,
    logged,
    set,
    change,
    load: () => ensemble.run(configs.load(session)),
    follow: () => ensemble.run(configs.follow(session)),
    newSession: () => ensemble.newSession(),
  };
}
