import { brokerId, ERRORS, type ErrorName } from '@barnabas/model';
import { APIS, type ApiName, type Message, ZERO_UUID } from '@barnabas/protocol';
import { type PeerContext, PeerError, type PeerHandlers, type PeerOutcome } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { RequestOptions } from '../../../src/peers/requests.ts';
import type { ControllerApi } from '../../../src/requests/forwarding/forwarded.ts';
import { forwardedHandlers } from '../../../src/requests/forwarding/forwarded-handlers.ts';
import { contextOf } from '../../support/ask.ts';
import { FakeCluster } from '../../support/topics/fake-cluster.ts';

type AnyMessage = Message<object, object>;
type AnyHandler = (request: object, context: PeerContext) => Promise<object>;

const REQUESTS: Readonly<Record<ControllerApi, object>> = {
  CreateTopics: {
    topics: [{ name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    timeoutMs: 500,
    validateOnly: false,
  },
  DeleteTopics: { topics: [{ name: 't', topicId: ZERO_UUID }], topicNames: [], timeoutMs: 500 },
  CreatePartitions: { topics: [{ name: 't', count: 2, assignments: null }], timeoutMs: 500, validateOnly: false },
  ElectLeaders: { electionType: 0, topicPartitions: [{ topic: 't', partitions: [0] }], timeoutMs: 500 },
};
const NEWEST: Readonly<Record<ControllerApi, number>> = {
  CreateTopics: 7,
  DeleteTopics: 6,
  CreatePartitions: 3,
  ElectLeaders: 2,
};
const NAMES = Object.keys(REQUESTS) as ControllerApi[];

const OURS = { throttleTimeMs: 111 };
const THEIRS = { throttleTimeMs: 222 };

type Asked = { broker: number; api: ApiName; version: number; request: object; options: RequestOptions };

/** Broker 2; the controller is broker 1 unless told otherwise. */
function begin(options: { failure?: PeerOutcome; controller?: number; isActive?: boolean } = {}) {
  const asked: Asked[] = [];
  const cluster = new FakeCluster([options.controller ?? 1, 2, 3]);
  if (options.controller === -1) cluster.image = { ...cluster.image, controllerId: undefined };
  const own = async (): Promise<object> => OURS;
  const handlers = forwardedHandlers(Object.fromEntries(NAMES.map((name) => [name, own])) as never, {
    self: brokerId(2),
    cluster,
    isActive: () => options.isActive ?? false,
    requests: {
      ask: async (broker, api, version, request, rest) => {
        asked.push({ broker, api, version, request, options: rest });
        if (options.failure !== undefined) throw new PeerError(options.failure, 'disconnected', 'no');
        return THEIRS as never;
      },
    },
  });
  return { handlers, asked };
}

const ask = (handlers: PeerHandlers, api: ControllerApi, context: Partial<PeerContext> = {}) =>
  (handlers[api] as AnyHandler)(REQUESTS[api], { ...contextOf(NEWEST[api]), listener: 'CLIENTS', ...context });

describe.each(NAMES)('%s, asked of any broker', (api) => {
  it('is passed on to the controller, once, in the version in which it came', async () => {
    const { handlers, asked } = begin();
    expect(await ask(handlers, api, { version: 1 })).toBe(THEIRS);
    expect(asked).toMatchObject([
      { broker: 1, api, version: 1, request: REQUESTS[api], options: { deadlineMs: 1500 } },
    ]);
  });

  it.each([
    ['a broker asks', {}, { listener: undefined }],
    ['it is the controller', { isActive: true }, {}],
    ['it should be the controller', { controller: 2 }, {}],
    ['no controller is known', { controller: -1 }, {}],
  ])('is not passed on where %s', async (_, options, context) => {
    const { handlers, asked } = begin(options);
    expect(await ask(handlers, api, context as Partial<PeerContext>)).toBe(OURS);
    expect(asked).toEqual([]);
  });

  it('is answered by this broker where it has certainly not arrived', async () => {
    const { handlers, asked } = begin({ failure: 'refused' });
    expect(await ask(handlers, api)).toBe(OURS);
    expect(asked).toHaveLength(1);
  });

  it('is answered with REQUEST_TIMED_OUT where nobody knows, in every version, and not asked again', async () => {
    const { min, max } = APIS[api].versions;
    for (let version = min; version <= max; version++) {
      const { handlers, asked } = begin({ failure: 'unknown' });
      const answer = await ask(handlers, api, { version });
      const response: AnyMessage = APIS[api].response;
      const decoded = response.decode(version, response.encode(version, answer));
      expect(errorsIn(decoded)).toEqual(new Set(['REQUEST_TIMED_OUT']));
      expect(JSON.stringify(decoded, bigintAsText)).toContain('"t"');
      expect(asked).toHaveLength(1);
    }
  });
});

/** By name, each error but NONE that stands anywhere in a message. */
function errorsIn(value: unknown): ReadonlySet<ErrorName> {
  if (typeof value !== 'object' || value === null) return new Set();
  return Object.entries(value).reduce<ReadonlySet<ErrorName>>((found, [key, each]) => {
    const row = key === 'errorCode' ? Object.values(ERRORS).find(({ code }) => code === each && code !== 0) : undefined;
    return row === undefined ? found.union(errorsIn(each)) : found.union(new Set([row.name]));
  }, new Set());
}

const bigintAsText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
