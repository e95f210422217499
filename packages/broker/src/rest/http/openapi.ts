import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';

/** It holds the logo of the page's makers and a field for other descriptions. */
const WITHOUT_TOP_BAR = { filename: 'barnabas.css', content: '.swagger-ui .topbar { display: none }' };

/** Describes what is added to `app` from now on: OpenAPI 3.1 at `/v1/openapi.json`, and a page to read and try it at `/docs`. */
export const describeApi = async (app: App): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Barnabas',
        description: 'A Kafka cluster over HTTP. Every broker serves all of it.',
        version: '1',
      },
      tags: [
        { name: 'records', description: 'Produce and read' },
        { name: 'topics' },
        { name: 'cluster' },
        { name: 'v2', description: "What programs for Confluent's REST Proxy call" },
        { name: 'health' },
      ],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', theme: { title: 'Barnabas', css: [WITHOUT_TOP_BAR] } });
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
};
