import { systemRandom } from '@barnabas/cli';
import { ANY_VERSION, isZooKeeperError, type Stat, ZooKeeperClient, type ZooKeeperSession } from '@barnabas/zookeeper';
import { type ClientPlace, packageClientOptions } from '../../support/zookeeper/package-client.ts';
import { StateLog } from './state-log.ts';
import { whileAlive } from './while-alive.ts';
import { WriteLog } from './write-log.ts';

export const counterPath = (index: number): string => `/counter-${index}`;
/** What a counter says; 0 before the first write. */
export const countIn = (data: Uint8Array | null): number => Number(Buffer.from(data ?? []).toString());
export const journalPath = (index: number): string => `/journal-${index}`;

/** A session of the client, with the ephemeral znode that it made. */
export type Life = {
  readonly session: ZooKeeperSession;
  readonly states: StateLog;
  readonly path: string;
  made?: Stat;
};

/**
 * A client that is never idle: it appends to a journal of its own and counts up a counter of its own, keeps an ephemeral
 * znode in every one of its sessions, and keeps copies of all the counters by watches alone. Ends with `close`.
 */
export class LoadedClient {
  readonly index: number;
  readonly lives: Life[] = [];
  readonly appends = new WriteLog();
  readonly counts = new WriteLog();
  /** The counters as the watches tell, by path. */
  readonly copies = new Map<string, number>();
  readonly #client: ZooKeeperClient;
  readonly #clients: number;
  #writes = 0;
  #isWriting = true;
  #writing: Promise<void> = Promise.resolve();

  constructor(index: number, clients: number, place: ClientPlace) {
    this.index = index;
    this.#clients = clients;
    const onSession = (session: ZooKeeperSession): void => this.#live(session);
    this.#client = new ZooKeeperClient({ ...packageClientOptions(place), random: systemRandom, onSession });
  }

  /** Resolves when it has its first session. */
  async start(): Promise<void> {
    const session = await this.#client.start();
    for (const path of [journalPath(this.index), counterPath(this.index)]) await session.create(path, null);
    this.#writing = this.#write();
  }

  get session(): ZooKeeperSession {
    const { session } = this.#client;
    if (session === undefined) throw new Error(`client ${this.index} has not been started`);
    return session;
  }

  /** How many writes it has made that were acknowledged. */
  get progress(): number {
    return this.appends.of('done').length;
  }

  toString(): string {
    const { sessionId, generation, state } = this.session;
    const told = this.lives.at(-1)?.states.events.map((event) => `${event.state} (${event.reason})`);
    return `client ${this.index}: session ${generation}, 0x${sessionId.toString(16)}, is ${state}: ${told?.join(', ')}`;
  }

  async stopWriting(): Promise<void> {
    this.#isWriting = false;
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.stopWriting();
    await this.#client.close();
  }

  async #write(): Promise<void> {
    while (this.#isWriting) {
      const { session } = this;
      if (session.state !== 'CONNECTED') await this.#awaitConnection(session);
      const value = ++this.#writes;
      await this.appends.note(value, () => session.create(`${journalPath(this.index)}/${value}`, null));
      const text = Buffer.from(String(value));
      await this.counts.note(value, () => session.set(counterPath(this.index), text, ANY_VERSION));
    }
  }

  /** Of this session or the next one. */
  async #awaitConnection(session: ZooKeeperSession): Promise<void> {
    try {
      await session.whenConnected();
    } catch {
      // The client pauses before it opens the next session, and so does this.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #live(session: ZooKeeperSession): void {
    const path = `/alive-${this.index}-${session.generation}`;
    const life: Life = { session, states: new StateLog(session), path };
    this.lives.push(life);
    void whileAlive(session, () => this.#makeEphemeral(life));
    for (let other = 0; other < this.#clients; other++) void whileAlive(session, () => this.#copy(session, other));
  }

  /** Resolves to true when there is nothing left to do. */
  async #makeEphemeral(life: Life): Promise<boolean> {
    const { session, path } = life;
    const made = await session.exists(path);
    if (made === undefined) await session.create(path, null, { mode: 'ephemeral' });
    else life.made = made;
    return made !== undefined;
  }

  /** Reads, and resolves at the next change. */
  async #copy(session: ZooKeeperSession, index: number): Promise<boolean> {
    const path = counterPath(index);
    const changed = Promise.withResolvers<boolean>();
    const watch = (): void => changed.resolve(false);
    try {
      const { data } = await session.get(path, { watch });
      this.copies.set(path, countIn(data));
    } catch (error) {
      if (!isZooKeeperError(error, 'NO_NODE')) throw error;
      if ((await session.exists(path, { watch })) !== undefined) return false;
    }
    session.onState(({ state }) => {
      if (state === 'LOST') changed.resolve(true);
    });
    return changed.promise;
  }
}
