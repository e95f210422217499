import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JavaProcess } from '../java/java-process.ts';
import type { Member } from './member.ts';
import {
  SERVER_CLASS,
  type ServerPlace,
  type ServerSettings,
  serverConfig,
  serverJvmOptions,
} from './server-config.ts';

export type JavaMemberOptions = {
  readonly id: number;
  readonly classPath: string;
  readonly settings: ServerSettings;
  readonly place: ServerPlace;
};

/** For the logging library of Debian; Kafka's is told by a file. */
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.logFile=System.out',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];

/** A server as a Java process on this machine. */
export class JavaMember implements Member {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly #classPath: string;
  readonly #settings: ServerSettings;
  readonly #configFile: string;
  #process: JavaProcess | undefined;

  /** Writes the configuration into `place.dataDir`. */
  constructor({ id, classPath, settings, place }: JavaMemberOptions) {
    this.id = id;
    this.host = place.clientHost;
    this.port = place.clientPort;
    this.#classPath = classPath;
    this.#settings = settings;
    this.#configFile = join(place.dataDir, 'zoo.cfg');
    mkdirSync(place.dataDir, { recursive: true });
    writeFileSync(this.#configFile, serverConfig(settings, place));
    writeFileSync(join(place.dataDir, 'myid'), `${id}\n`);
  }

  async start(): Promise<void> {
    this.#process = new JavaProcess({
      classPath: this.#classPath,
      mainClass: SERVER_CLASS,
      args: [this.#configFile],
      kind: 'server',
      jvmOptions: [...LOGGING, ...serverJvmOptions(this.#settings)],
    });
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL');
  }

  async pause(): Promise<void> {
    this.#process?.signal('SIGSTOP');
  }

  async resume(): Promise<void> {
    this.#process?.signal('SIGCONT');
  }

  async logTail(): Promise<string> {
    return this.#process?.tail ?? '';
  }
}
