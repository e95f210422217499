import { describe, expect, it } from 'vitest';
import { type Watcher, WatchTable } from '../../../src/server/engine/watch-table.ts';

function watcher(): Watcher & { heard: string[] } {
  const heard: string[] = [];
  return { heard, notify: (type, path) => heard.push(`${type} ${path}`) };
}

describe('WatchTable', () => {
  it('tells of one event once, and no more', () => {
    const table = new WatchTable();
    const a = watcher();
    table.add('/x', a);
    table.add('/x', a);
    expect(table.size).toBe(1);
    table.trigger('/x', 'nodeDataChanged', []);
    table.trigger('/x', 'nodeDataChanged', []);
    expect(a.heard).toEqual(['nodeDataChanged /x']);
    expect(table.size).toBe(0);
    expect(table.isWatched('/x')).toBe(false);
  });

  it('keeps a persistent watch, until a one-shot watch takes its place', () => {
    const table = new WatchTable();
    const a = watcher();
    table.add('/x', a, 'persistent');
    table.trigger('/x', 'nodeDataChanged', []);
    table.add('/x', a);
    table.trigger('/x', 'nodeDeleted', []);
    table.trigger('/x', 'nodeCreated', []);
    expect(a.heard).toEqual(['nodeDataChanged /x', 'nodeDeleted /x']);
  });

  it('tells a recursive watch of all that is below, but not that children changed', () => {
    const table = new WatchTable();
    const a = watcher();
    table.add('/x', a, 'recursive');
    table.trigger('/x/y/z', 'nodeCreated', []);
    table.trigger('/x/y', 'nodeChildrenChanged', []);
    table.trigger('/x', 'nodeChildrenChanged', []);
    table.trigger('/xy', 'nodeCreated', []);
    table.trigger('/x', 'nodeDeleted', []);
    expect(a.heard).toEqual(['nodeCreated /x/y/z', 'nodeDeleted /x']);
  });

  it('tells one that watches the znode and all above it once', () => {
    const table = new WatchTable();
    const a = watcher();
    table.add('/', a, 'recursive');
    table.add('/x', a, 'recursive');
    table.add('/x/y', a);
    table.trigger('/x/y', 'nodeDeleted', []);
    expect(a.heard).toEqual(['nodeDeleted /x/y']);
  });

  it('passes over those who were told already, and ends their watch all the same', () => {
    const [data, children] = [new WatchTable(), new WatchTable()];
    const [a, b] = [watcher(), watcher()];
    data.add('/x', a);
    children.add('/x', a);
    children.add('/x', b);
    children.trigger('/x', 'nodeDeleted', [], data.trigger('/x', 'nodeDeleted', []));
    expect([a.heard, b.heard, children.size]).toEqual([['nodeDeleted /x'], ['nodeDeleted /x'], 0]);
  });

  it('forgets what is removed', () => {
    const table = new WatchTable();
    const [a, b] = [watcher(), watcher()];
    for (const path of ['/x', '/y']) {
      table.add(path, a, 'recursive');
      table.add(path, b);
    }
    expect(table.remove('/x', a)).toBe(true);
    expect(table.remove('/x', a)).toBe(false);
    table.removeAll(b);
    table.trigger('/x', 'nodeDeleted', []);
    table.trigger('/y', 'nodeDeleted', []);
    expect([a.heard, b.heard]).toEqual([['nodeDeleted /y'], []]);
    expect(table.summary).toEqual({ connections: 1, paths: 1, total: 1 });
    table.removeAll(a);
    expect(table.hasRecursive).toBe(false);
  });
});
