import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An HTTP server that does whatever a test tells it to, on a real socket. */
export class UnrulyServer {
  readonly #server: Server;
  handler: Handler = (_, response) => response.end();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<UnrulyServer> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.once('end', () => unruly.handler(request, response, body));
    });
    const unruly = new UnrulyServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return unruly;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** As a killed process does: connections break, and nobody listens any more. */
  async kill(): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}
