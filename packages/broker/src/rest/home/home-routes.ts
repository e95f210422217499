import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { FAILURES } from '../http/error-schemas.ts';
import { Type } from '../http/schema.ts';
import { SOFTWARE_VERSION } from './software-version.ts';

const Home = Type.Object({
  name: Type.String(),
  version: Type.String({ description: 'of the software' }),
  clusterId: Type.String(),
  brokerId: Type.Integer({ description: 'of the broker that answers' }),
  links: Type.Record(Type.String(), Type.String()),
});

const LINKS = {
  docs: '/docs',
  openapi: '/v1/openapi.json',
  topics: '/v1/topics',
  brokers: '/v1/brokers',
  cluster: '/v1/cluster',
  health: '/v1/health',
  metrics: '/metrics',
};

/** `GET /`: what this is, and where to go on. Programs for the REST Proxy ask it whether anybody is there. */
export const homeRoutes = (app: App, { clusterId, brokerId }: Door): void => {
  app.get(
    '/',
    { schema: { tags: ['cluster'], summary: 'What this is', response: { 200: Home, ...FAILURES } } },
    async () => ({ name: 'Barnabas', version: SOFTWARE_VERSION, clusterId, brokerId, links: LINKS }),
  );
};
