import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DecoderFlags, decoderFor } from '../dump-log/choose-decoder.ts';
import type { DumpLogOptions } from '../dump-log/options.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

/** The flags as commander gives them. */
type Flags = DecoderFlags & {
  readonly files: string;
  readonly printDataLog?: true;
  readonly deepIteration?: true;
  readonly verifyIndexOnly?: true;
  readonly indexSanityCheck?: true;
  readonly maxMessageSize: number;
  readonly maxBytes: number;
  readonly skipRecordMetadata?: true;
};

const MAX_INT32 = 2 ** 31 - 1;
const DEFAULT_MAX_MESSAGE_BYTES = 5 * 1024 * 1024;

/** `dump-log`, with the flags of `kafka-dump-log`. */
export const registerDumpLog = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('dump-log')
    .description('Print segments of a log, their indexes and producer snapshots, as kafka-dump-log does.')
    .helpOption('--help', 'print this help')
    .version(program.version() ?? '', '--version', 'print the version')
    .requiredOption('--files <file1,file2,...>', 'the .log, .index, .timeindex, .txnindex and .snapshot files to print')
    .option('--print-data-log', 'print keys and values of records as well')
    .option('--deep-iteration', 'print each record, not only each batch; --print-data-log implies it')
    .option('--verify-index-only', 'compare indexes with their log without printing them')
    .option('--index-sanity-check', 'look at indexes as a broker does when it starts, without printing them')
    .option(
      '--max-message-size <bytes>',
      'size of the largest batch that an index points to',
      int32,
      DEFAULT_MAX_MESSAGE_BYTES,
    )
    .option('--max-bytes <bytes>', 'read no more than this of each .log', int32, MAX_INT32)
    .option('--value-decoder-class [class]', 'print values with this decoder of Kafka: String, Integer or Long')
    .option('--key-decoder-class [class]', 'print keys with this decoder of Kafka: String, Integer or Long')
    .option('--offsets-decoder', 'print the records of __consumer_offsets')
    .option('--transaction-log-decoder', 'print the records of __transaction_state')
    .option('--skip-record-metadata', 'print no more of records than keys and values');
  for (const flag of ['--cluster-metadata-decoder', '--remote-log-metadata-decoder', '--share-group-state-decoder']) {
    command.addOption(new Option(flag).hideHelp());
  }
  command.action(async (flags: Flags) => {
    // Not loaded by commands that have no use for it.
    const [{ decoderFor }, { dumpLog }] = await Promise.all([
      import('../dump-log/choose-decoder.ts'),
      import('../dump-log/dump-log.ts'),
    ]);
    await dumpLog(optionsOf(flags, decoderFor(flags)), terminal.out, terminal.err);
  });
};

const int32 = (text: string): number => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= MAX_INT32) return value;
  throw new InvalidArgumentError(`It must be a number of bytes from 0 to ${MAX_INT32}.`);
};

const optionsOf = (flags: Flags, { decoder, notices, isAskedFor }: ReturnType<typeof decoderFor>): DumpLogOptions => {
  const printsContents = flags.printDataLog === true || isAskedFor;
  return {
    files: filesOf(flags.files),
    deepIteration: flags.deepIteration === true || printsContents,
    decoder: printsContents ? decoder : undefined,
    notices,
    skipRecordMetadata: flags.skipRecordMetadata === true,
    maxBytes: flags.maxBytes === MAX_INT32 ? undefined : flags.maxBytes,
    verifyIndexOnly: flags.verifyIndexOnly === true,
    indexSanityCheck: flags.indexSanityCheck === true,
    maxMessageSizeBytes: flags.maxMessageSize,
  };
};

const filesOf = (list: string): string[] => {
  const files = list.replace(/,+$/, '').split(',');
  if (files.includes('')) throw new UsageError(`--files names no file between two commas: ${list}`);
  return files;
};
