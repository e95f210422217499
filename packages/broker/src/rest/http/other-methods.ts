import type { HTTPMethods, RouteOptions } from 'fastify';
import type { App } from './app.ts';
import { RestError } from './rest-error.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Notes every route that is added from now on, and then answers 405 to the methods that their URLs do not take. */
export class OtherMethods {
  readonly #methodsByUrl = new Map<string, Set<HTTPMethods>>();

  watch(app: App): void {
    app.addHook('onRoute', (route) => this.#note(route));
  }

  refuse(app: App): void {
    for (const [url, taken] of Array.from(this.#methodsByUrl)) {
      const others = METHODS.filter((method) => !taken.has(method));
      const allowed = Array.from(taken).join(', ');
      app.route({
        method: others,
        url,
        schema: { hide: true },
        onRequest: async (request, reply) => {
          void reply.header('allow', allowed);
          throw new RestError(405, 'INVALID_REQUEST', `${request.method} is none of what this takes: ${allowed}`);
        },
        handler: () => undefined,
      });
    }
  }

  #note({ url, method }: RouteOptions): void {
    const taken = this.#methodsByUrl.get(url) ?? new Set();
    for (const one of [method].flat()) taken.add(one);
    this.#methodsByUrl.set(url, taken);
  }
}
