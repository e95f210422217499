import type { FastifyReply } from 'fastify';
import type { Health } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { Type } from '../http/schema.ts';

const State = Type.Object({ status: Type.String(), reasons: Type.Array(Type.String()) });

const tags = ['health'];
/** The text format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Watched = {
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  readonly health: () => Health;
};

/** For those who watch over a broker: `/healthy`, `/ready` and `/metrics`. */
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
  app.get('/metrics', { schema: { tags, summary: 'For Prometheus' } }, async (_, reply) =>
    reply.type(METRICS_TYPE).send(await metrics()),
  );
};

const state = (reply: FastifyReply, isWell: boolean, status: string, reasons: readonly string[]) => {
  void reply.code(isWell ? 200 : 503);
  return { status, reasons: isWell ? [] : [...reasons] };
};
