import type { FastifyReply } from 'fastify';
import type { Health } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { Type } from '../http/schema.ts';

const State = Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) });

const Fitness = Type.Object({
  status: Type.String(),
  ready: Type.Boolean({ description: 'whether to send it requests' }),
  reasons: Type.Array(Type.String(), { description: 'why it is not well, or not ready' }),
});

const tags = ['health'];
/** The text format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Watched = {
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  readonly health: () => Health;
};

/** For those who watch over a broker: `/healthy`, `/ready` and both as `/v1/health`, and `/metrics`. */
export const healthRoutes = (app: App, { metrics, health }: Watched): void => {
  const response = { 200: State, 503: State };
  app.get('/healthy', { schema: { tags, summary: 'Whether it should go on running', response } }, async (_, reply) => {
    const { live, reasons } = health();
    return state(reply as FastifyReply, live, live ? 'healthy' : 'unhealthy', reasons);
  });
  app.get('/ready', { schema: { tags, summary: 'Whether to send it requests', response } }, async (_, reply) => {
    const { ready, reasons } = health();
    return state(reply as FastifyReply, ready, ready ? 'ready' : 'not ready', reasons);
  });
  const summary = 'Whether it should go on running, and whether to send it requests';
  const both = { 200: Fitness, 503: Fitness };
  app.get('/v1/health', { schema: { tags, summary, response: both } }, async (_, reply) => {
    const { live, ready, reasons } = health();
    const status = live ? 'healthy' : 'unhealthy';
    return { ...state(reply as FastifyReply, live, status, []), ready, reasons: [...reasons] };
  });
  app.get('/metrics', { schema: { tags, summary: 'For Prometheus' } }, async (_, reply) =>
    reply.type(METRICS_TYPE).send(await metrics()),
  );
};

const state = (reply: FastifyReply, isWell: boolean, status: string, reasons: readonly string[]) => {
  void reply.code(isWell ? 200 : 503);
  return { status, reasons: isWell ? [] : [...reasons] };
};
