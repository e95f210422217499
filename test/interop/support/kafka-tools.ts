import { linesOf, runTool, type ToolRun } from './java-tool.ts';
import { NULL } from './kafka-text.ts';

export type ConsumeOptions = {
  readonly topic: string;
  /** Left out, all partitions are read. */
  readonly partition?: number;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  /** Stops after so many records, or where none came for a while. */
  readonly countMax: number;
};

/** A row of a tool's table, by the names of the columns. */
export type Row = Readonly<Record<string, string>>;

const PRINTED = ['timestamp', 'partition', 'offset', 'headers', 'key'];
/** How long a consumer waits for one more record; to begin with a member of a group has to join it. */
const QUIET_MS = 6000;
const QUIET_IN_GROUP_MS = 30_000;

const GROUPS = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';

/** The command-line tools of Apache Kafka. */
export class KafkaTools {
  readonly #classPath: string;

  constructor(classPath: string) {
    this.#classPath = classPath;
  }

  /** @param cwd the paths in `args` are relative to it */
  dumpLog(args: readonly string[], cwd: string): Promise<ToolRun> {
    return runTool({ classPath: this.#classPath, mainClass: 'kafka.tools.DumpLogSegments', args, cwd });
  }

  async createTopic(address: string, topic: string, partitions: number, replicationFactor: number): Promise<void> {
    const args = ['--create', '--topic', topic, '--partitions', `${partitions}`];
    const replication = ['--replication-factor', `${replicationFactor}`];
    await this.#run('org.apache.kafka.tools.TopicCommand', address, [...args, ...replication]);
  }

  /** What Kafka says of a topic: a line for the topic, then one for each partition, as fields by their names. */
  async describeTopic(address: string, topic: string): Promise<Row[]> {
    const lines = await this.#run('org.apache.kafka.tools.TopicCommand', address, ['--describe', '--topic', topic]);
    return lines.map((line) =>
      Object.fromEntries(
        line.split('\t').flatMap((field) => {
          const [name, value = ''] = field.trim().split(': ');
          return name === undefined || name === '' ? [] : [[name, value.trim()]];
        }),
      ),
    );
  }

  /** The records from the first one on, one line each: see `consumerLine`; in the order of partition and offset. */
  async consume(address: string, options: ConsumeOptions): Promise<string[]> {
    const { topic, partition, isolation, countMax } = options;
    const from =
      partition === undefined ? ['--from-beginning'] : ['--partition', `${partition}`, '--offset', 'earliest'];
    const properties = [...PRINTED.map((what) => `print.${what}=true`), `null.literal=${NULL}`];
    const lines = await this.#run('org.apache.kafka.tools.consumer.ConsoleConsumer', address, [
      ...['--topic', topic, ...from, '--isolation-level', isolation],
      ...['--max-messages', `${countMax}`, '--timeout-ms', `${partition === undefined ? QUIET_IN_GROUP_MS : QUIET_MS}`],
      ...properties.flatMap((property) => ['--property', property]),
    ]);
    const place = (line: string): [number, number] => {
      const [, inPartition, offset] = /\tPartition:(\d+)\tOffset:(\d+)\t/.exec(line) ?? [];
      return [Number(inPartition), Number(offset)];
    };
    return lines
      .map((line) => ({ line, place: place(line) }))
      .sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])
      .map(({ line }) => line);
  }

  /** The offsets of a topic's partitions for a time (or one of the special ones); none where Kafka has no answer. */
  async offsets(address: string, topic: string, time: number): Promise<Map<number, number>> {
    const args = ['--topic-partitions', topic, '--time', `${time}`];
    const lines = await this.#run('org.apache.kafka.tools.GetOffsetShell', address, args);
    const fields = lines.map((line) => line.split(':').slice(-2));
    return new Map(
      fields.filter(([, offset]) => offset !== '').map(([number, offset]) => [Number(number), Number(offset)]),
    );
  }

  /** A row for each producer that the partition's log knows. */
  async producers(address: string, topic: string, partition: number): Promise<Row[]> {
    const args = ['describe-producers', '--topic', topic, '--partition', `${partition}`];
    return tableOf(await this.#run('org.apache.kafka.tools.TransactionsCommand', address, args));
  }

  /** What a consumer group has committed, a row for each partition. */
  async groupOffsets(address: string, group: string): Promise<Row[]> {
    const args = ['--describe', '--group', group];
    return tableOf(await this.#run(GROUPS, address, args));
  }

  /** Runs `kafka-topics` (TopicCommand) and the like: its lines. Rejects where it fails. */
  run(mainClass: string, address: string, ...args: readonly string[]): Promise<string[]> {
    return this.#run(mainClass, address, args);
  }

  /** `kafka-consumer-groups`: the rows of what it prints. */
  async groups(address: string, ...args: readonly string[]): Promise<Row[]> {
    return tableOf(await this.#run(GROUPS, address, args));
  }

  /** Sends lines, which are `key:value`. */
  async produce(address: string, topic: string, lines: readonly string[], ...args: readonly string[]): Promise<void> {
    const separator = ['parse.key=true', 'key.separator=:'].flatMap((property) => ['--property', property]);
    await linesOf({
      classPath: this.#classPath,
      mainClass: 'kafka.tools.ConsoleProducer',
      args: ['--bootstrap-server', address, '--topic', topic, ...separator, ...args],
      input: lines.map((line) => `${line}\n`).join(''),
    });
  }

  /** The values of a topic's first records, as a member of a group reads them, which commits at its end. */
  async consumeInGroup(address: string, topic: string, group: string, count: number): Promise<string[]> {
    return this.#run('org.apache.kafka.tools.consumer.ConsoleConsumer', address, [
      ...['--topic', topic, '--group', group, '--from-beginning'],
      ...['--max-messages', `${count}`, '--timeout-ms', `${QUIET_IN_GROUP_MS}`],
    ]);
  }

  #run(mainClass: string, address: string, args: readonly string[]): Promise<string[]> {
    const server = ['--bootstrap-server', address];
    return linesOf({ classPath: this.#classPath, mainClass, args: [...server, ...args] });
  }
}

/** The rows of a table whose first line names its columns. */
const tableOf = (lines: readonly string[]): Record<string, string>[] => {
  const [names = [], ...rows] = lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/));
  return rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])));
};
