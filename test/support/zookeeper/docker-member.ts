import { getContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';
import { hasStatus } from './docker-error.ts';
import type { Member } from './member.ts';

type EngineContainer = ReturnType<Awaited<ReturnType<typeof getContainerRuntimeClient>>['container']['getById']>;

/** In the container; outside it is one that stays the same when the container is started again. */
export const CLIENT_PORT = 2181;

const TAIL_LINES = 40;
const FRAME_HEADER_BYTES = 8;
/** That it has stopped before. */
const ALREADY = 304;

/** A server in a container, of ZooKeeper or another, which has been created and started before. */
export class DockerMember implements Member {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  /** What `testcontainers` offers no way to: signals, a start on the data that is there, and a log that ends. */
  readonly #container: EngineContainer;

  private constructor(id: number, host: string, port: number, container: EngineContainer) {
    this.id = id;
    this.host = host;
    this.port = port;
    this.#container = container;
  }

  /** @param containerPort that of its clients, in the container */
  static async of(id: number, started: StartedTestContainer, containerPort = CLIENT_PORT): Promise<DockerMember> {
    const engine = await getContainerRuntimeClient();
    const container = engine.container.getById(started.getId());
    return new DockerMember(id, started.getHost(), started.getMappedPort(containerPort), container);
  }

  async start(): Promise<void> {
    const { State: state } = await this.#container.inspect();
    if (!state.Running) await this.#container.start();
  }

  async stop(): Promise<void> {
    try {
      await this.#container.stop();
    } catch (error) {
      if (!hasStatus(error, ALREADY)) throw error;
    }
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
    return withoutFrames(await this.#container.logs({ stdout: true, stderr: true, tail: TAIL_LINES }));
  }
}

/** What a container says comes in frames: a byte for the stream, three of 0, four for the length, and so much text. */
const withoutFrames = (logs: Buffer): string => {
  let text = '';
  let at = 0;
  while (at + FRAME_HEADER_BYTES <= logs.length) {
    const begin = at + FRAME_HEADER_BYTES;
    at = begin + logs.readUInt32BE(begin - 4);
    text += logs.toString('utf8', begin, at);
  }
  return text;
};
