import type { Clock } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import type { PeerContext, PeerHandlers } from '@barnabas/transport';
import type { BrokerMetrics } from '../metrics/broker-metrics.ts';

type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

/** The same handlers, each of whose answers is timed, whichever door its request came through. */
export const timedHandlers = (handlers: PeerHandlers, clock: Clock, metrics: BrokerMetrics): PeerHandlers =>
  Object.fromEntries(
    Object.entries(handlers).map(([api, handler]) => [
      api,
      timed(api as ApiName, handler as AnyHandler, clock, metrics),
    ]),
  );

const timed =
  (api: ApiName, handler: AnyHandler, clock: Clock, metrics: BrokerMetrics): AnyHandler =>
  async (request, context) => {
    const startMs = clock.steadyMs();
    try {
      return await handler(request, context);
    } finally {
      metrics.requestAnswered(api, clock.steadyMs() - startMs);
    }
  };
