import { ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';

const REQUESTS: ReadonlySet<PropertyKey> = new Set(['get', 'exists', 'children', 'set', 'create', 'delete', 'multi']);

type Request = (...args: readonly unknown[]) => Promise<unknown>;

/** What happens at one request: it is done and its answer is lost; it never arrives; or something else, before it is sent. */
export type Trouble = 'answerLost' | 'requestLost' | (() => void);

/** A session with which something happens at the request of this number, counted from 1; see `requests` for how many there were. */
export class TroubledSession {
  readonly session: ZooKeeperSession;
  requests = 0;

  constructor(session: ZooKeeperSession, troubled: number, trouble: Trouble) {
    this.session = new Proxy(session, {
      get: (target, key): unknown => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as Request;
        if (!REQUESTS.has(key)) return method;
        return (...args: readonly unknown[]) => {
          this.requests++;
          return this.requests === troubled ? meet(trouble, () => method(...args)) : method(...args);
        };
      },
    });
  }
}

async function meet(trouble: Trouble, request: () => Promise<unknown>): Promise<unknown> {
  if (typeof trouble === 'function') {
    trouble();
    return request();
  }
  if (trouble === 'answerLost') await request().catch(() => {});
  throw new ZooKeeperError('CONNECTION_LOSS', 'the connection has broken', { outcome: 'unknown' });
}
