import type { ZooKeeperSession } from '../../src/session/session.ts';
import { ZooKeeperError } from '../../src/session/zookeeper-error.ts';

/** What becomes of a request: it is never sent; it is lost on its way; it is done and the answer is lost. */
export type Loss = 'unsent' | 'request' | 'answer';

export const LOSSES: readonly Loss[] = ['unsent', 'request', 'answer'];

const REQUESTS: ReadonlySet<PropertyKey> = new Set([
  'get',
  'exists',
  'children',
  'set',
  'create',
  'delete',
  'multi',
  'getAcl',
  'setAcl',
  'sync',
]);

type Request = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * A session some of whose requests get no answer, as when the connection breaks and is there again at once.
 *
 * @param lossOf asked for each request, which are counted from 1; undefined leaves it alone
 */
export function unansweringSession(
  session: ZooKeeperSession,
  lossOf: (request: number) => Loss | undefined,
): { readonly session: ZooKeeperSession; readonly requests: () => number } {
  let requests = 0;
  const wrapped = new Proxy(session, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as Request;
      if (!REQUESTS.has(key)) return method;
      return (...args: readonly unknown[]) => {
        requests++;
        return lose(lossOf(requests), () => method(...args));
      };
    },
  });
  return { session: wrapped, requests: () => requests };
}

async function lose(loss: Loss | undefined, request: () => Promise<unknown>): Promise<unknown> {
  if (loss === undefined) return request();
  if (loss === 'unsent') throw new ZooKeeperError('CONNECTION_LOSS', 'there is no connection');
  // What the server refuses is lost as well as what it does.
  if (loss === 'answer') await request().catch(() => {});
  throw new ZooKeeperError('CONNECTION_LOSS', 'the connection has broken', { outcome: 'unknown' });
}
