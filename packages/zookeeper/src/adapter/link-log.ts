import type { LinkLogger } from './link-options.ts';

type Topic = 'unreachable' | 'malformed' | 'unknown event type' | 'listener threw';

/** What a link has to say beside what it tells its listener: each topic once, until a server was reached again. */
export class LinkLog {
  readonly #logger: LinkLogger | undefined;
  readonly #said = new Set<Topic>();

  constructor(logger: LinkLogger | undefined) {
    this.#logger = logger;
  }

  /** An attempt to connect failed. */
  unreachable(reason: string): void {
    this.#once('unreachable', { reason }, 'Could not connect to ZooKeeper; trying on');
  }

  /** There is a session: the next failure to reach a server is news. */
  reached(): void {
    this.#said.delete('unreachable');
  }

  malformed(server: string, error: unknown): void {
    this.#once(
      'malformed',
      { server, err: error },
      'A ZooKeeper server answered what it should not; connection dropped',
    );
  }

  unknownEventType(type: number, path: string): void {
    this.#once('unknown event type', { type, path }, 'A watch event of an unknown type is taken for any change');
  }

  listenerThrew(error: unknown): void {
    this.#once('listener threw', { err: error }, 'Who was told of an answer or event threw; connection dropped');
  }

  #once(topic: Topic, details: object, message: string): void {
    if (this.#said.has(topic)) return;
    this.#said.add(topic);
    this.#logger?.warn(details, message);
  }
}
