/** Writes the pages of `docs/` that are made from the code. Run by `make docs`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { KAFKA_LIMITS, MAX_PARTITIONS_PER_REQUEST, MAX_ZNODE_BYTES, REST_LIMITS, SERVED_APIS } from '@barnabas/broker';
import { commandHelps } from '@barnabas/cli';
import { GROUP_BOUNDS } from '@barnabas/coordinator';
import { BROKER_ROWS, type ConfigRow, type ConfigRows, ERRORS, LOG_ROWS, USELESS_PROPERTIES } from '@barnabas/model';
import { APIS } from '@barnabas/protocol';

const MADE = '<!-- Made by `make docs`; do not edit. -->';

/** Where an answer is not what Kafka's would be. */
const APART: ReadonlyMap<string, string> = new Map([
  [
    'Produce',
    'Versions 0 to 2 with records of magic 0 or 1: `UNSUPPORTED_FOR_MESSAGE_FORMAT`, as nothing is converted.',
  ],
  [
    'Fetch',
    'Versions 0 to 3: `UNSUPPORTED_VERSION` for each partition, as with `log.message.downconversion.enable=false`. One that says it comes from a follower: `TOPIC_AUTHORIZATION_FAILED`.',
  ],
  ['ListOffsets', 'Version 0: one offset at most, not the starts of all segments.'],
  ['OffsetCommit', 'Version 0: kept with the offsets of all other versions, not in ZooKeeper.'],
  ['OffsetFetch', 'Version 0: of the offsets of all other versions, not of those in ZooKeeper.'],
  ['FindCoordinator', 'Of a transactional id: `COORDINATOR_NOT_AVAILABLE`.'],
  ['InitProducerId', 'With a transactional id: `COORDINATOR_NOT_AVAILABLE`.'],
]);

/** The pages, by their file names in `docs/`. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['commands.md', commandsPage()],
    ['errors.md', errorsPage()],
    ['apis.md', apisPage()],
    ['configuration.md', configurationPage()],
    ['limits.md', limitsPage()],
  ]);
}

function commandsPage(): string {
  return page(
    'Commands',
    'What `barnabas ... --help` prints. Exit codes: 0 done, 1 failed, 2 wrong usage, and those that a command names.',
    ...commandHelps().flatMap(({ name, help }) => ['', `## ${name}`, '', '```', help, '```']),
  );
}

function apisPage(): string {
  const rows = Object.values(APIS).flatMap(({ name, key }) => {
    const versions = SERVED_APIS[name];
    return versions === undefined ? [] : [[String(key), name, versionsText(versions), APART.get(name) ?? '']];
  });
  return page(
    'APIs',
    "What clients of Kafka's protocol are served, by the numbers and versions of Apache Kafka 3.9; it is what ApiVersions answers.",
    'A request of any other API or version closes the connection, but for ApiVersions itself, which is answered in version 0.',
    '',
    ...table(['key', 'API', 'versions', 'apart from Kafka'], rows),
  );
}

const versionsText = ({ min, max }: { readonly min: number; readonly max: number }): string =>
  min === max ? `${min}` : `${min} to ${max}`;

function errorsPage(): string {
  const rows = Object.values(ERRORS).map(({ name, code, httpStatus, retriable, sentence }) => [
    String(code),
    `\`${name}\``,
    String(httpStatus),
    retriable ? 'yes' : '',
    sentence,
  ]);
  return page(
    'Errors',
    'The errors of Apache Kafka 3.9 with their numbers on the wire. Clients may ask again where an error is retriable. The HTTP',
    'status is the one an error gets where a door has no rule of its own.',
    '',
    ...table(['code', 'name', 'HTTP', 'retriable', 'meaning'], rows),
  );
}

function configurationPage(): string {
  return page(
    'Configuration',
    'A broker reads a file of Java properties, such as `config/server.properties`; the environment goes before it, where `num.partitions`',
    'is `BARNABAS_NUM_PARTITIONS`, and the command line before both: `--override num.partitions=4`.',
    '',
    'Names, types, bounds and defaults are those of Apache Kafka 3.9.1, with these exceptions: `log.flush` and `rest.allowed.hosts` are our own,',
    '`log.flush.offset.checkpoint.interval.ms` is shorter, `zookeeper.max.in.flight.requests` and `socket.listen.backlog.size` are',
    'greater, listeners are `REST` and `PEERS` unless others are named, and remote storage cannot be switched on. A property without',
    'a mark under **acts** is checked, kept and shown, and changes nothing yet; a broker that has one set says so when it starts, and',
    'so it does of names that it does not know. 9223372036854775807, the greatest long, means no limit.',
    '',
    '## For a topic',
    '',
    'The broker property of a row holds for every topic that does not set the topic property. Where there are several, the first',
    'that is set decides. The first is one that may change while the broker runs, unless it is marked as fixed; the others may not.',
    '',
    ...table(['topic', 'broker', 'type', 'default', 'allowed', 'acts', ''], rowsOf(LOG_ROWS, topicCells)),
    '',
    '## For a broker',
    '',
    ...table(['broker', 'type', 'default', 'allowed', 'acts', ''], rowsOf(BROKER_ROWS, brokerCells)),
    '',
    '## Of no use',
    '',
    'Properties of Kafka that a file may have, and that a cluster on ZooKeeper passes over.',
    '',
    ...table(
      ['broker', 'why'],
      Array.from(USELESS_PROPERTIES, ([name, reason]) => [`\`${name}\``, reason]),
    ),
  );
}

function limitsPage(): string {
  const { format } = new Intl.NumberFormat('en');
  const bytes = (count: number) => `${format(count)} bytes`;
  const seconds = (timeMs: number) => `${format(timeMs / 1000)} s`;
  const limits = REST_LIMITS;
  return page(
    'Limits',
    'What one request, one client or all of them may take of a broker. No property changes these numbers yet.',
    '',
    '## Topics',
    '',
    ...table(
      ['what', 'limit', 'beyond it'],
      [
        ['partitions made by one request', format(MAX_PARTITIONS_PER_REQUEST), '`POLICY_VIOLATION`'],
        ["a topic's assignment, or its configuration, in ZooKeeper", bytes(MAX_ZNODE_BYTES), '`POLICY_VIOLATION`'],
      ],
    ),
    '',
    "## Kafka's protocol",
    '',
    '`socket.request.max.bytes`, `fetch.max.bytes`, `connections.max.idle.ms`, `max.connections` and `max.connections.per.ip` are properties.',
    '',
    ...table(
      ['what', 'limit', 'beyond it'],
      [
        [
          'answers to one connection that are not read yet',
          bytes(KAFKA_LIMITS.waitingBytes),
          'no more requests are taken',
        ],
        [
          'the same of all connections',
          bytes(KAFKA_LIMITS.allWaitingBytes),
          'fetches get less, then the slowest are dropped',
        ],
        [
          'Produces of one connection that wait for replicas',
          format(KAFKA_LIMITS.pipelinedProduces),
          'the next one waits',
        ],
        ['time for a TLS handshake', seconds(KAFKA_LIMITS.handshakeTimeoutMs), 'dropped'],
        ['time for answers under way when a broker stops', seconds(KAFKA_LIMITS.closeTimeoutMs), 'dropped'],
      ],
    ),
    '',
    '## Consumer groups',
    '',
    '`group.max.size`, the session time-outs and `offset.metadata.max.bytes` are properties.',
    '',
    ...table(
      ['what', 'limit', 'beyond it'],
      [
        ['members of a group, with all that they say', bytes(GROUP_BOUNDS.membersBytes), '`GROUP_MAX_SIZE_REACHED`'],
        [
          'member ids given out and not used, of a partition of `__consumer_offsets`',
          format(GROUP_BOUNDS.pendingMembers),
          'the oldest count no longer',
        ],
        ['a name that a member gives', bytes(GROUP_BOUNDS.nameBytes), '`INVALID_REQUEST`'],
      ],
    ),
    '',
    '## HTTP',
    '',
    ...table(
      ['what', 'limit', 'beyond it'],
      [
        ['body of a request with records', bytes(limits.bodyBytes), '413 `MESSAGE_TOO_LARGE`'],
        ['body of any other request', bytes(limits.jsonBodyBytes), '413 `MESSAGE_TOO_LARGE`'],
        ['bodies of all requests under way', bytes(limits.allBodiesBytes), '503 `THROTTLING_QUOTA_EXCEEDED`'],
        ['request line with headers', bytes(limits.httpHeaderBytes), '431 `INVALID_REQUEST`'],
        ['records in a request', format(limits.recordsPerRequest), '413 `MESSAGE_TOO_LARGE`'],
        ['records of an idempotent or conditional request', bytes(limits.batchBytes), '413 `MESSAGE_TOO_LARGE`'],
        ['records that a read answers', `${format(limits.readRecordsMax)}, ${bytes(limits.readBytesMax)}`, '400'],
        [
          'the same where it does not say',
          `${format(limits.readRecordsDefault)}, ${bytes(limits.readBytesDefault)}`,
          'left to the next read',
        ],
        ['records of a batch, decompressed', bytes(limits.decompressedBatchBytes), 'the read fails'],
        ['`wait` of a read', `${format(limits.waitMsMax)} ms`, '400'],
        ['`timeout` of a produce', `${format(limits.requestTimeoutMsMax)} ms`, 'taken for that'],
        ['time for a request to the cluster', seconds(limits.requestTimeoutMs), '504, or what is in its way'],
        ['event streams and waiting reads', format(limits.waitingReaders), '429 `THROTTLING_QUOTA_EXCEEDED`'],
        ['partitions of a topic that is read as a whole', format(limits.partitionsPerRead), '400'],
        ['connections', format(limits.connections), 'dropped'],
        ['time for headers to arrive', seconds(limits.headersTimeoutMs), '408'],
        ['time for a whole request to arrive', seconds(limits.wholeRequestTimeoutMs), '408'],
        ['a connection on which nothing moves', seconds(limits.silentConnectionMs), 'dropped'],
      ],
    ),
  );
}

function rowsOf(rows: ConfigRows, cells: (row: ConfigRow<unknown>) => string[]): string[][] {
  return Object.values(rows)
    .map((row) => [...cells(row), row.honoured ? 'yes' : '', row.sentence])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

function topicCells(row: ConfigRow<unknown>): string[] {
  return [`\`${row.topic}\``, brokerNames(row), ...valueCells(row)];
}

function brokerCells(row: ConfigRow<unknown>): string[] {
  return [brokerNames(row), ...valueCells(row)];
}

function brokerNames({ broker, dynamic }: ConfigRow<unknown>): string {
  return broker.map(({ name }, index) => `\`${name}\`${index === 0 && !dynamic ? ' (fixed)' : ''}`).join(', ');
}

function valueCells({ type, default: value }: ConfigRow<unknown>): string[] {
  const text = type.format(value);
  const shown = value === undefined ? '(none)' : text === '' ? '(empty)' : `\`${text}\``;
  return [type.name, shown, type.allowed];
}

function page(title: string, ...lines: string[]): string {
  return `${[`# ${title}`, '', MADE, '', ...lines].join('\n')}\n`;
}

/** A Markdown table, its columns padded as the formatter has them. */
function table(head: string[], rows: string[][]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

if (import.meta.main) {
  const docs = resolve(import.meta.dirname, '../docs');
  for (const [name, text] of generatedPages()) writeFileSync(join(docs, name), text);
}
