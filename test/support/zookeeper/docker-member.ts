import { text } from 'node:stream/consumers';
import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import type { Member } from './member.ts';

type EngineContainer = ReturnType<Awaited<ReturnType<typeof getContainerRuntimeClient>>['container']['getById']>;

/** In the container; outside it is one that stays the same when the container is started again. */
export const CLIENT_PORT = 2181;

const TAIL_LINES = 40;

/** A server in a container, which its ensemble has created and started before. */
export class DockerMember implements Member {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly #started: StartedTestContainer;
  /** What `testcontainers` offers no way to: signals, and a start on the data that is there. */
  readonly #container: EngineContainer;

  private constructor(id: number, started: StartedTestContainer, container: EngineContainer) {
    this.id = id;
    this.host = started.getHost();
    this.port = started.getMappedPort(CLIENT_PORT);
    this.#started = started;
    this.#container = container;
  }

  static async of(id: number, started: StartedTestContainer): Promise<DockerMember> {
    const engine = await getContainerRuntimeClient();
    return new DockerMember(id, started, engine.container.getById(started.getId()));
  }

  async start(): Promise<void> {
    const { State: state } = await this.#container.inspect();
    if (!state.Running) await this.#container.start();
  }

  async stop(): Promise<void> {
    await this.#container.stop();
  }

  async kill(): Promise<void> {
    const { State: state } = await this.#container.inspect();
    if (!state.Running) return;
    await this.#container.kill({ signal: 'SIGKILL' });
    await this.#container.wait({ condition: 'not-running' });
  }

  async pause(): Promise<void> {
    await this.#container.pause();
  }

  async resume(): Promise<void> {
    await this.#container.unpause();
  }

  async logTail(): Promise<string> {
    return text(await this.#started.logs({ tail: TAIL_LINES }));
  }
}
