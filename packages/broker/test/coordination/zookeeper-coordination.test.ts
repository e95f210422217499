import { brokerId } from '@barnabas/model';
import { BrokerIdInUseError, decodeBrokerRegistration } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { SharedEndpointError } from '../../src/coordination/shared-endpoints.ts';
import { CoordinationContext, endpointOf, ID, SESSION_TIMEOUT_MS } from './coordination-context.ts';

const PATH = '/brokers/ids/1';

describe('ZooKeeperCoordination', () => {
  it('makes the chroot and what every cluster has', async () => {
    const context = new CoordinationContext();
    await context.connected(context.life());
    expect(context.node('/brokers/ids')).toBeDefined();
    expect(context.node('/config/changes')).toBeDefined();
  });

  it('says why there is no session, within the time that it was given', async () => {
    const context = new CoordinationContext();
    context.zookeeper.refuse(true);
    await expect(context.run(context.life(3000).coordination.connect())).rejects.toThrow(/within 3000 ms/);
    expect(context.clock.steadyMs()).toBeLessThan(3500);
  });

  it('registers the broker, under the epoch that its znode has', async () => {
    const context = new CoordinationContext();
    const { coordination, news } = await context.registered();
    expect(coordination.brokerEpoch).toBe(context.node(PATH)?.czxid);
    expect(coordination.session?.state).toBe('CONNECTED');
    expect(news).toEqual(['registered 1']);
  });

  it('writes the mark of an unclean start into the znode', async () => {
    const context = new CoordinationContext();
    const life = await context.connected(context.life());
    await context.run(life.register({ unclean: true }));
    expect(decodeBrokerRegistration(ID, context.node(PATH)?.data ?? null).unclean).toBe(true);
  });

  it('takes the mark away again under the same epoch', async () => {
    const context = new CoordinationContext();
    const life = await context.connected(context.life());
    let unclean = true;
    await context.run(
      life.register({
        get unclean() {
          return unclean;
        },
      }),
    );
    const before = context.node(PATH);
    unclean = false;
    await context.run(life.coordination.renew());
    expect(decodeBrokerRegistration(ID, context.node(PATH)?.data ?? null).unclean).toBe(false);
    expect(context.node(PATH)?.czxid).toBe(before?.czxid);
    expect(life.news).toEqual(['registered 1']);
  });

  it('takes the mark away also where it is lifted while the broker registers under its next session', async () => {
    const context = new CoordinationContext();
    const life = await context.connected(context.life());
    let unclean = true;
    let registrations = 0;
    await context.run(
      life.register({
        get unclean() {
          registrations++;
          // What is written in the second session has the mark: it is lifted right after that was asked for.
          if (registrations === 2) queueMicrotask(() => lift());
          return unclean;
        },
      }),
    );
    const lift = (): void => {
      unclean = false;
      void life.coordination.renew();
    };
    context.zookeeper.expire(life.coordination.session?.sessionId ?? 0n);
    await context.scheduler.advanceBy(3000);
    expect(life.news).toEqual(['registered 1', 'lost 1', 'registered 2']);
    expect(decodeBrokerRegistration(ID, context.node(PATH)?.data ?? null).unclean).toBe(false);
    expect(life.coordination.brokerEpoch).toBe(context.node(PATH)?.czxid);
  });

  it('registers again under a new session and a greater epoch, once the old one is said to be lost', async () => {
    const context = new CoordinationContext();
    const { coordination, news } = await context.registered();
    const before = coordination.brokerEpoch ?? 0;
    context.zookeeper.expire(coordination.session?.sessionId ?? 0n);
    await context.scheduler.advanceBy(3000);
    expect(news).toEqual(['registered 1', 'lost 1', 'registered 2']);
    expect(coordination.brokerEpoch).toBeGreaterThan(before);
    expect(coordination.brokerEpoch).toBe(context.node(PATH)?.czxid);
  });

  it('does not wait for the expiry of its own earlier session', async () => {
    const context = new CoordinationContext();
    const { coordination, lines, news } = await context.registered();
    const before = context.node(PATH);
    // We have given the session up; the server, which was away, still keeps it.
    context.zookeeper.kill();
    await context.scheduler.advanceBy(SESSION_TIMEOUT_MS + 1000);
    expect(news.at(-1)).toBe('lost 1');
    context.zookeeper.restart();
    expect(context.node(PATH)?.czxid).toBe(before?.czxid);
    await context.scheduler.advanceBy(3000);
    expect(news.at(-1)).toBe('registered 2');
    expect(coordination.brokerEpoch).toBe(context.node(PATH)?.czxid);
    expect(lines.join()).not.toContain('still registered');
  });

  it('waits for the session of a dead process to expire, and says so', async () => {
    const context = new CoordinationContext();
    const dead = await context.registered();
    dead.host.process.pause();
    dead.host.cut();
    const life = await context.connected(context.life());
    const sinceMs = context.clock.steadyMs();
    await context.run(life.register());
    expect(context.clock.steadyMs() - sinceMs).toBeGreaterThan(1000);
    expect(life.lines[0]).toMatch(
      /^broker id 1 is still registered by session 0x[0-9a-f]+: waiting up to 11000 ms for it to expire$/,
    );
    expect(life.coordination.brokerEpoch).toBe(context.node(PATH)?.czxid);
  });

  it('gives up once a session that lives on has had the session timeout and five seconds', async () => {
    const context = new CoordinationContext();
    await context.registered();
    const life = await context.connected(context.life());
    const sinceMs = context.clock.steadyMs();
    await expect(context.run(life.register())).rejects.toThrow(BrokerIdInUseError);
    expect(context.clock.steadyMs() - sinceMs).toBeGreaterThanOrEqual(SESSION_TIMEOUT_MS + 5000);
  });

  it('refuses an address that another broker is registered with', async () => {
    const context = new CoordinationContext();
    await context.registered();
    const life = await context.connected(context.life());
    const registering = context.run(life.register({ endpoints: [endpointOf(1), endpointOf(9191)] }, brokerId(2)));
    await expect(registering).rejects.toThrow(SharedEndpointError);
    await expect(registering).rejects.toThrow('PEERS://h:9191 is the address of broker 1 already');
    expect(context.node('/brokers/ids/2')).toBeUndefined();
  });

  it('is registered under the next session where the first one was lost meanwhile', async () => {
    const context = new CoordinationContext();
    const life = await context.connected(context.life());
    context.zookeeper.expire(life.coordination.latestSession?.sessionId ?? 0n);
    await context.scheduler.advanceBy(20);
    await context.run(life.register());
    expect(life.news).toEqual(['registered 2']);
  });

  it('takes its znode away when it is closed, and says nothing of it', async () => {
    const context = new CoordinationContext();
    const { coordination, lines } = await context.registered();
    await context.run(coordination.close());
    expect(context.node(PATH)).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it('lets go of whoever waits for a registration when it is closed', async () => {
    const context = new CoordinationContext();
    await context.registered();
    const life = await context.connected(context.life());
    const registering = life.register();
    registering.catch(() => {});
    await context.scheduler.advanceBy(100);
    await context.run(life.coordination.close());
    await expect(registering).rejects.toThrow('closed before it was registered');
  });
});
