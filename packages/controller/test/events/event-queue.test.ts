import { describe, expect, it } from 'vitest';
import { type ControllerEvent, EventQueue } from '../../src/events/event-queue.ts';

/** A queue, what it did, and events that last until they are ended. */
function begin() {
  const did: string[] = [];
  const ends = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const queue = new EventQueue(async (event, error) => {
    did.push(`${event.name} failed: ${(error as Error).message}`);
  });
  const event = (name: string, isStale = () => false): ControllerEvent => ({
    name,
    isStale,
    run: () => {
      did.push(name);
      return new Promise((resolve, reject) => ends.set(name, { resolve: () => resolve(), reject }));
    },
    dropped: () => did.push(`${name} dropped`),
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { did, ends, queue, event, turn };
}

describe('EventQueue', () => {
  it('runs one event after the other, in their order', async () => {
    const { did, ends, queue, event, turn } = begin();
    for (const name of ['a', 'b']) queue.put(event(name));
    await turn();
    expect([did, queue.size]).toEqual([['a'], 1]);
    ends.get('a')?.resolve();
    await turn();
    expect([did, queue.size]).toEqual([['a', 'b'], 0]);
  });

  it('tells of one that fails, and runs the next', async () => {
    const { did, ends, queue, event, turn } = begin();
    for (const name of ['a', 'b']) queue.put(event(name));
    ends.get('a')?.reject(new Error('no'));
    await turn();
    expect(did).toEqual(['a', 'a failed: no', 'b']);
  });

  it('drops what waits when it is cleared, and what has become stale when its turn comes', async () => {
    const { did, ends, queue, event, turn } = begin();
    let isStale = false;
    queue.put(event('a'));
    queue.put(event('b'));
    queue.clear();
    queue.put(event('c', () => isStale));
    queue.put(event('d'));
    isStale = true;
    ends.get('a')?.resolve();
    await turn();
    expect(did).toEqual(['a', 'b dropped', 'c dropped', 'd']);
  });

  it('begins again after it was empty', async () => {
    const { did, ends, queue, event, turn } = begin();
    queue.put(event('a'));
    ends.get('a')?.resolve();
    await turn();
    queue.put(event('b'));
    expect(did).toEqual(['a', 'b']);
  });
});
