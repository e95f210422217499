import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { APIS, type ApiName } from '@barnabas/protocol';
import {
  correlationIdOf,
  decodeResponse,
  encodeRequest,
  FrameSplitter,
  type PeerRequest,
  type PeerResponse,
} from '@barnabas/transport';

export type Place = { readonly port: number; readonly host?: string; readonly ca?: string };
/** A response that came, with its bytes after the size. */
type Came = { readonly correlationId: number; readonly frame: Buffer };

const MAX_RESPONSE_BYTES = 200 * 1024 * 1024;
const CLIENT_ID = 'raw';

/** A client that sends what it is told, and reads what comes in the order in which it comes. */
export class RawClient {
  readonly socket: Socket;
  readonly #splitter = new FrameSplitter(MAX_RESPONSE_BYTES);
  readonly #came: Came[] = [];
  readonly #waiting: ((came: Came | undefined) => void)[] = [];
  #correlationId = 0;
  #isClosed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.#splitter.push(chunk)) this.#onFrame(Buffer.from(frame));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      for (const tell of this.#waiting.splice(0)) tell(undefined);
    });
  }

  static async connect({ host = '127.0.0.1', port, ca }: Place, allowHalfOpen = false): Promise<RawClient> {
    const isSecure = ca !== undefined;
    const socket = isSecure ? connectTls({ host, port, ca }) : connect({ host, port, allowHalfOpen });
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    return new RawClient(socket);
  }

  /** The bytes of a request, size first. */
  bytesOf<Name extends ApiName>(name: Name, version: number, request: PeerRequest<Name>): Buffer {
    this.#correlationId++;
    const header = { correlationId: this.#correlationId, clientId: CLIENT_ID };
    return Buffer.concat(encodeRequest(APIS[name], version, header, request).parts);
  }

  /** @returns its correlation id */
  send<Name extends ApiName>(name: Name, version: number, request: PeerRequest<Name>): number {
    this.socket.write(this.bytesOf(name, version, request));
    return this.#correlationId;
  }

  async ask<Name extends ApiName>(
    name: Name,
    version: number,
    request: PeerRequest<Name>,
  ): Promise<PeerResponse<Name>> {
    const sent = this.send(name, version, request);
    const { frame, correlationId } = await this.next();
    if (correlationId !== sent) throw new Error(`request ${sent} was answered as ${correlationId}`);
    return decodeResponse(APIS[name], version, frame) as PeerResponse<Name>;
  }

  /** The next response; rejects when the connection is closed before. */
  async next(): Promise<Came> {
    const came = this.#came.shift() ?? (await this.#coming());
    if (came === undefined) throw new Error('the connection was closed');
    return came;
  }

  /** Resolves when the broker has closed the connection. */
  async whenClosed(): Promise<void> {
    if (!this.#isClosed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }

  #coming(): Promise<Came | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #onFrame(frame: Buffer): void {
    const came = { correlationId: correlationIdOf(frame), frame };
    const tell = this.#waiting.shift();
    if (tell === undefined) this.#came.push(came);
    else tell(came);
  }
}
