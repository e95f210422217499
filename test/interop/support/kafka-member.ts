import type { ReadRecord, SteadyMember } from '../../support/clients/kills/steady-client.ts';
import { JavaProcess } from '../../support/java/java-process.ts';

/** Kafka's own consumer as a member of a group, which prints each record. Its values are numbers. */
export class KafkaMember implements SteadyMember {
  readonly read: ReadRecord[] = [];
  readonly #process: JavaProcess;

  constructor(classPath: string, address: string, group: string, topic: string) {
    this.#process = new JavaProcess({
      classPath,
      mainClass: 'org.apache.kafka.tools.VerifiableConsumer',
      args: [
        ...['--bootstrap-server', address, '--group-id', group, '--topic', topic],
        ...['--session-timeout', '6000', '--reset-policy', 'earliest', '--verbose'],
      ],
      kind: 'tool',
    });
    this.#process.onLine((line) => {
      const said: { name: string; partition: number; offset: number; value: string } = JSON.parse(line);
      if (said.name !== 'record_data') return;
      this.read.push({ partition: said.partition, offset: said.offset, value: Number(said.value) });
    });
  }

  async leave(): Promise<void> {
    await this.#process.stop('SIGTERM');
  }
}
