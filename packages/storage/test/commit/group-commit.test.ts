import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type CommitTarget, GroupCommit } from '../../src/commit/group-commit.ts';
import type { LogDirFailedError } from '../../src/storage-errors.ts';

/** A log whose writes and flushes end when the test says so, all noted in the context's transcript. */
class Target implements CommitTarget {
  readonly #name: string;
  readonly #context: CommitContext;

  constructor(name: string, context: CommitContext) {
    this.#name = name;
    this.#context = context;
    context.commit.join(this);
  }

  async write(): Promise<boolean> {
    await this.#context.step(`write ${this.#name}`);
    return true;
  }

  flush(): Promise<void> {
    return this.#context.step(`flush ${this.#name}`);
  }

  fail(error: LogDirFailedError): void {
    this.#context.transcript.push(`${this.#name} hears: ${error.message}`);
  }
}

class CommitContext {
  readonly transcript: string[] = [];
  readonly failures: LogDirFailedError[] = [];
  readonly commit: GroupCommit;
  /** Steps that do not end by themselves, and what ends them. */
  readonly held = new Map<string, { promise: Promise<void>; end: (error?: Error) => void }>();

  constructor(maxParallel = 8) {
    this.commit = new GroupCommit('/d', maxParallel, (error) => this.failures.push(error));
  }

  target(name: string): Target {
    return new Target(name, this);
  }

  hold(step: string): void {
    let end = (_error?: Error): void => {};
    const promise = new Promise<void>((resolve, reject) => {
      end = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.held.set(step, { promise, end });
  }

  async end(step: string, error?: Error): Promise<void> {
    const held = this.held.get(step);
    this.held.delete(step);
    held?.end(error);
    await this.turn();
  }

  async step(step: string): Promise<void> {
    this.transcript.push(step);
    await this.held.get(step)?.promise;
  }

  async turn(): Promise<void> {
    await nextTurn();
    await nextTurn();
  }

  /** What happened since it was last asked. */
  take(): string[] {
    return this.transcript.splice(0);
  }
}

describe('GroupCommit', () => {
  it('writes the logs that have something, and flushes them', async () => {
    const context = new CommitContext();
    const [a, b] = [context.target('a'), context.target('b')];
    context.commit.submit(a);
    context.commit.submit(b);
    context.commit.submit(a);
    await context.commit.idle();
    expect(context.take()).toEqual(['write a', 'write b', 'flush a', 'flush b']);
  });

  it('lets all that arrives while a flush is under way share the next', async () => {
    const context = new CommitContext();
    const [a, b] = [context.target('a'), context.target('b')];
    context.hold('flush a');
    context.commit.submit(a);
    await context.turn();
    for (let i = 0; i < 5; i++) {
      context.commit.submit(a);
      context.commit.submit(b);
      await context.turn();
    }
    expect(context.take()).toEqual(['write a', 'flush a', ...Array(5).fill(['write a', 'write b']).flat()]);
    await context.end('flush a');
    expect(context.take()).toEqual(['flush a', 'flush b']);
  });

  it('never runs two writes, or two flushes, of a log at a time', async () => {
    const context = new CommitContext();
    const a = context.target('a');
    context.hold('write a');
    context.commit.submit(a);
    await context.turn();
    context.commit.submit(a);
    await context.turn();
    expect(context.take()).toEqual(['write a']);
    context.hold('flush a');
    await context.end('write a');
    expect(context.take()).toEqual(['flush a', 'write a']);
    await context.end('flush a');
    expect(context.take()).toEqual(['flush a']);
  });

  it('works on so many logs at a time, and no more', async () => {
    const context = new CommitContext(2);
    const targets = ['a', 'b', 'c'].map((name) => context.target(name));
    context.hold('write a');
    context.hold('write b');
    for (const target of targets) context.commit.submit(target);
    await context.turn();
    expect(context.take()).toEqual(['write a', 'write b']);
    await context.end('write b');
    expect(context.take()).toEqual(['write c']);
    await context.end('write a');
    await context.commit.idle();
  });

  it.each(['write a', 'flush a'])('stops everything after a failed %s, and tells every log once', async (step) => {
    const context = new CommitContext();
    const [a] = [context.target('a'), context.target('b')];
    context.hold(step);
    context.commit.submit(a);
    await context.turn();
    context.commit.submit(a);
    await context.turn();
    context.take();
    await context.end(step, new Error('EIO'));
    const message = 'log directory /d has failed and is offline: EIO';
    expect(context.take()).toEqual([`a hears: ${message}`, `b hears: ${message}`]);
    expect(context.failures.map((failure) => failure.message)).toEqual([message]);
    context.commit.submit(a);
    await context.commit.idle();
    expect(context.take()).toEqual([]);
  });

  it('answers the first failure to whoever reports another', async () => {
    const context = new CommitContext();
    const first = context.commit.fail(new Error('EIO'));
    expect(context.commit.fail(new Error('ENOSPC'))).toBe(first);
    expect(context.commit.failure).toBe(first);
    expect(context.failures).toEqual([first]);
  });

  it('tells nothing to a log that has left', async () => {
    const context = new CommitContext();
    const a = context.target('a');
    context.commit.leave(a);
    context.commit.fail(new Error('EIO'));
    expect(context.take()).toEqual([]);
  });

  it('is idle only when both loops are', async () => {
    const context = new CommitContext();
    await context.commit.idle();
    const a = context.target('a');
    context.hold('flush a');
    context.commit.submit(a);
    let isIdle = false;
    const idle = context.commit.idle().then(() => {
      isIdle = true;
    });
    await context.turn();
    expect(isIdle).toBe(false);
    await context.end('flush a');
    await idle;
  });
});
