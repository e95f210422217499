import { ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';

/** What becomes of a request: it is never sent; it is lost on its way; it is done and the answer is lost. */
export type Loss = 'unsent' | 'request' | 'answer';

export const LOSSES: readonly Loss[] = ['unsent', 'request', 'answer'];

const REQUESTS: ReadonlySet<PropertyKey> = new Set(['get', 'exists', 'children', 'set', 'create', 'delete', 'multi']);
const WRITES: ReadonlySet<PropertyKey> = new Set(['set', 'create', 'delete', 'multi']);

type Request = (...args: readonly unknown[]) => Promise<unknown>;

export type LosingSession = {
  readonly session: ZooKeeperSession;
  /** How many requests there were. */
  readonly requests: () => number;
  /** Whether the request that was lost would have written something. */
  readonly hasLostWrite: () => boolean;
};

/**
 * A session that loses one of its requests, as when the connection breaks and is there again at once.
 *
 * @param lost which one, counted from 1
 * @param meanwhile what happens before there is a connection again
 */
export function losingSession(
  session: ZooKeeperSession,
  lost: number,
  loss: Loss,
  meanwhile: () => Promise<void> = async () => {},
): LosingSession {
  let requests = 0;
  let hasLostWrite = false;
  const wrapped = new Proxy(session, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as Request;
      if (!REQUESTS.has(key)) return method;
      return async (...args: readonly unknown[]) => {
        requests++;
        if (requests !== lost) return method(...args);
        hasLostWrite = WRITES.has(key);
        // What the server refuses is lost as well as what it does.
        if (loss === 'answer') await method(...args).catch(() => {});
        await meanwhile();
        const outcome = loss === 'unsent' ? 'refused' : 'unknown';
        throw new ZooKeeperError('CONNECTION_LOSS', 'the connection has broken', { outcome });
      };
    },
  });
  return { session: wrapped, requests: () => requests, hasLostWrite: () => hasLostWrite };
}
