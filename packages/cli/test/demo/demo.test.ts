import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalCluster } from '../support/local-cluster.ts';

let cluster: LocalCluster;

beforeEach(async () => {
  cluster = await LocalCluster.make();
});

afterEach(() => cluster.end());

const demoDirectories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('barnabas-demo-'));

describe('demo', () => {
  it('kills the leader of a cluster of its own, shows that nothing is lost, and leaves nothing behind', async () => {
    const before = demoDirectories();
    const { exit, out, err } = await cluster.run('demo');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/^Killed broker \d, which led the partition/m);
    expect(out).toMatch(/^Broker \d leads it now, after [\d,]+ ms, in leader epoch 1; in sync: \d and \d$/m);
    expect(out).toMatch(/^20,000 flights read: each of them once, and in order$/m);
    const [, sent, read] =
      /^sha-256 of what was sent {2}(\w{64})\nsha-256 of what was read {2}(\w{64})$/m.exec(out) ?? [];
    expect(read).toBe(sent);
    expect(demoDirectories()).toEqual(before);
  }, 120_000);

  it('uses the cluster that runs, and leaves it as it was', async () => {
    await cluster.run('up');
    const { exit, out } = await cluster.run('demo');
    expect(exit).toBe(0);
    expect(out).toMatch(/^Demo on the cluster that runs from /);
    expect(cluster.pids()).not.toContain(undefined);
    expect(await cluster.client(1).topics.list()).toEqual([]);
  }, 180_000);

  it('needs three brokers', async () => {
    const { exit, err } = await cluster.run('demo', ['--brokers', '2']);
    expect({ exit, err }).toEqual({ exit: 1, err: 'barnabas: the demo needs 3 brokers at least\n' });
  });
});
