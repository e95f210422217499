import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandlePool } from '../../src/files/handle-pool.ts';
import type { FileHandle, FileSystem } from '../../src/fs/file-system.ts';

/** A pool over a disk with the files /0 to /9, that notes which handles are open. */
class PoolContext {
  readonly disk = new SimulatedDisk(seededRandom(1));
  readonly open = new Map<FileHandle, string>();
  opens = 0;
  readonly pool: HandlePool;

  constructor(maxOpen: number) {
    for (let name = 0; name < 10; name++) this.disk.plantFile(`/${name}`, Buffer.from([name]));
    const fs = this.disk.newProcess();
    const counting: FileSystem = Object.create(fs, {
      open: { value: async (path: string, mode: 'read' | 'write') => this.#counted(await fs.open(path, mode), path) },
    });
    this.pool = new HandlePool(counting, maxOpen);
  }

  get openPaths(): string[] {
    return [...this.open.values()].sort();
  }

  /** Uses a file until `end` is called. */
  hold(path: string): { end: () => void; done: Promise<number> } {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const done = this.pool.use(path, 'read', async (file) => {
      await ended;
      const byte = Buffer.alloc(1);
      await file.read(byte, 0);
      return byte.readUInt8();
    });
    return { end, done };
  }

  touch(path: string): Promise<number> {
    const { end, done } = this.hold(path);
    end();
    return done;
  }

  #counted(file: FileHandle, path: string): FileHandle {
    this.opens++;
    this.open.set(file, path);
    const close = file.close.bind(file);
    file.close = async () => {
      this.open.delete(file);
      await close();
    };
    return file;
  }
}

describe('HandlePool', () => {
  it('opens a file once for all its users, and apart for reading and writing', async () => {
    const context = new PoolContext(5);
    await Promise.all([context.touch('/1'), context.touch('/1'), context.pool.use('/1', 'write', async () => {})]);
    await context.touch('/1');
    expect(context.openPaths).toEqual(['/1', '/1']);
    expect(context.opens).toBe(2);
  });

  it('closes what was used longest ago', async () => {
    const context = new PoolContext(3);
    for (const path of ['/1', '/2', '/3', '/1', '/4']) await context.touch(path);
    await context.disk.settled();
    expect(context.openPaths).toEqual(['/1', '/3', '/4']);
    expect(context.pool.openCount).toBe(3);
  });

  it('never closes one in use, and comes back to its bound afterwards', async () => {
    const context = new PoolContext(2);
    const held = ['/1', '/2', '/3', '/4'].map((path) => context.hold(path));
    await context.disk.settled();
    expect(context.openPaths).toEqual(['/1', '/2', '/3', '/4']);
    await context.touch('/1');
    expect(context.opens).toBe(4);
    for (const { end } of held) end();
    expect(await Promise.all(held.map(({ done }) => done))).toEqual([1, 2, 3, 4]);
    await context.touch('/5');
    await context.disk.settled();
    expect(context.openPaths).toHaveLength(2);
  });

  it('closes a file that is forgotten while in use after its last user', async () => {
    const context = new PoolContext(5);
    const [first, second] = [context.hold('/1'), context.hold('/1')];
    await context.disk.settled();
    await context.pool.forget('/1');
    const later = context.hold('/1');
    first.end();
    await first.done;
    expect(context.openPaths).toEqual(['/1', '/1']);
    second.end();
    expect(await second.done).toBe(1);
    await context.disk.settled();
    expect(context.openPaths).toEqual(['/1']);
    later.end();
    expect(await later.done).toBe(1);
  });

  it('has closed a file that nobody uses when `forget` is done', async () => {
    const context = new PoolContext(5);
    await context.touch('/1');
    await context.pool.use('/1', 'write', async () => {});
    await context.touch('/2');
    await context.pool.forget('/1');
    expect(context.openPaths).toEqual(['/2']);
  });

  it('tells every user of a failed opening, and tries again for the next', async () => {
    const context = new PoolContext(5);
    context.disk.faults.fail('open', /1/, 'EMFILE', 1);
    const outcomes = await Promise.allSettled([context.touch('/1'), context.touch('/1')]);
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)).toEqual([
      'EMFILE',
      'EMFILE',
    ]);
    expect(context.pool.openCount).toBe(0);
    expect(await context.touch('/1')).toBe(1);
  });

  it('rejects with what the task rejects with, and keeps the file open', async () => {
    const context = new PoolContext(5);
    await expect(context.pool.use('/1', 'read', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await context.touch('/1')).toBe(1);
    expect(context.opens).toBe(1);
  });

  it('passes over an error on closing', async () => {
    const context = new PoolContext(5);
    await context.touch('/1');
    context.disk.faults.fail('close', /1/);
    await context.pool.closeAll();
    expect(context.pool.openCount).toBe(0);
  });

  it('serves any mix of users, and holds no more than its bound and those in use', async () => {
    const action = fc.tuple(fc.constantFrom('hold', 'end', 'forget'), fc.nat(9));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(action, { maxLength: 40 }),
        async (maxOpen, actions) => {
          const context = new PoolContext(maxOpen);
          const held: { name: number; end: () => void; done: Promise<number> }[] = [];
          for (const [kind, name] of actions) {
            if (kind === 'hold') held.push({ name, ...context.hold(`/${name}`) });
            if (kind === 'end') held[name]?.end();
            if (kind === 'forget') void context.pool.forget(`/${name}`);
            expect(context.pool.openCount).toBeLessThanOrEqual(Math.max(maxOpen, held.length));
          }
          for (const { end } of held) end();
          expect(await Promise.all(held.map(({ done }) => done))).toEqual(held.map(({ name }) => name));
          await context.pool.closeAll();
          await context.disk.settled();
          expect(context.openPaths).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
