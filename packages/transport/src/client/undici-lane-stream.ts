import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { type buildConnector, Client, type Dispatcher } from 'undici';
import type { TrafficClass } from '../peer/traffic-class.ts';
import { FRAMES_CONTENT_TYPE, framesPath, WINDOW_BYTES } from '../route.ts';
import type { Frame } from '../wire/frame.ts';
import { Outbox } from '../wire/outbox.ts';
import type { LaneStream, LaneStreamEvents, OpenLaneStream } from './lane-stream.ts';

/** As much may lie in the body of the request before HTTP/2 has taken it. */
const BODY_BYTES = 1024 * 1024;

/** HTTP/2 from the first byte, where no TLS negotiates it. The types of undici do not know it. */
const CLEAR_TEXT = { useH2c: true };

/** What TLS takes on the calling side: `ca`, `cert`, `key`, `servername` and the like, as for Node's `tls.connect`. */
export type PeerTls = ConnectionOptions;

export type LaneStreamOptions = {
  readonly host: string;
  readonly port: number;
  /** For TLS; clear text without. */
  readonly tls: PeerTls | undefined;
  readonly trafficClass: TrafficClass;
  /** For TCP and TLS; the lane has a deadline of its own for all of the opening. */
  readonly connectTimeoutMs: number;
};

/** Streams over undici: the body of one request that does not end, and its answer, which begins at once. */
export const undiciLaneStreams =
  (options: LaneStreamOptions): OpenLaneStream =>
  (events) =>
    new UndiciLaneStream(options, events);

/**
 * One request on a client of its own, so that dropping it drops the connection, and that undici's own ways of connecting
 * again never come into play (a body that is a stream is not sent again in any case).
 */
class UndiciLaneStream implements LaneStream {
  readonly #client: Client;
  readonly #body: Readable;
  readonly #outbox: Outbox;
  readonly #events: LaneStreamEvents;
  #isOver = false;
  #lacksRoom = false;

  constructor({ host, port, tls, trafficClass, connectTimeoutMs }: LaneStreamOptions, events: LaneStreamEvents) {
    this.#events = events;
    this.#body = new Readable({ highWaterMark: BODY_BYTES, read: () => this.#onRead() });
    this.#outbox = new Outbox((bytes) => this.#body.push(bytes));
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#client = new Client(`${tls === undefined ? 'http' : 'https'}://${authority}`, {
      allowH2: true,
      ...(tls === undefined && CLEAR_TEXT),
      connect: { ...tls, timeout: connectTimeoutMs, keepAlive: true } as buildConnector.BuildOptions,
      headersTimeout: 0,
      bodyTimeout: 0,
      pingInterval: 0,
      initialWindowSize: WINDOW_BYTES,
      connectionWindowSize: WINDOW_BYTES,
    });
    this.#client.dispatch(
      {
        path: framesPath(trafficClass),
        method: 'POST',
        headers: { 'content-type': FRAMES_CONTENT_TYPE },
        body: this.#body,
      },
      this.#handler(),
    );
  }

  get hasRoom(): boolean {
    const hasRoom = this.#outbox.waitingBytes + this.#body.readableLength < BODY_BYTES;
    if (!hasRoom) this.#lacksRoom = true;
    return hasRoom;
  }

  write(frame: Frame): void {
    this.#outbox.add(frame);
  }

  async destroy(): Promise<void> {
    this.#isOver = true;
    this.#outbox.clear();
    this.#body.on('error', () => undefined);
    this.#body.destroy();
    await this.#client.destroy();
  }

  #onRead(): void {
    if (!this.#lacksRoom || this.#isOver) return;
    this.#lacksRoom = false;
    // The body is in the middle of a read.
    setImmediate(() => {
      if (!this.#isOver) this.#events.onRoom();
    });
  }

  #handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, statusCode, headers) => {
        if (this.#isOver) return;
        if (statusCode === 200 && headers['content-type'] === FRAMES_CONTENT_TYPE) this.#events.onOpen();
        else this.#end(new Error(`the peer answers with status ${statusCode}, which is no stream of frames`));
      },
      onResponseData: (_controller, chunk) => {
        if (!this.#isOver) this.#events.onData(chunk);
      },
      onResponseEnd: () => this.#end(new Error('the peer has ended the stream')),
      onResponseError: (_controller, error) => this.#end(error),
    };
  }

  #end(cause: Error): void {
    if (this.#isOver) return;
    void this.destroy();
    this.#events.onEnd(cause);
  }
}
