import { KafkaError } from '@barnabas/model';
import { type FileSystem, nodeFileSystem } from '@barnabas/storage';
import type { DumpContext } from './dump-context.ts';
import { dumpOffsetIndex } from './dump-offset-index.ts';
import { dumpProducerSnapshot } from './dump-producer-snapshot.ts';
import { dumpSegment } from './dump-segment.ts';
import { dumpTimeIndex } from './dump-time-index.ts';
import { dumpTransactionIndex } from './dump-transaction-index.ts';
import { suffixOf, tidyPath } from './file-name.ts';
import { Findings } from './findings.ts';
import type { DumpLogOptions } from './options.ts';
import { TextOutput, type Write } from './text-output.ts';

const DUMPS: ReadonlyMap<string, (context: DumpContext, path: string) => Promise<void>> = new Map([
  ['.log', dumpSegment],
  ['.index', dumpOffsetIndex],
  ['.timeindex', dumpTimeIndex],
  ['.txnindex', dumpTransactionIndex],
  ['.snapshot', dumpProducerSnapshot],
]);

/**
 * Prints the files of a log as `kafka-dump-log` of Apache Kafka 3.9 does, line for line: the dump itself with `write`,
 * and with `warn`, a line at a time, what is odd about a file or does not fit together. Memory does not grow with a log:
 * it is read in chunks, and no more is read while `write` has one pending.
 *
 * The first file that cannot be read ends it. Rejects then with a KafkaError that names file and position, or with the
 * system's error; what was read so far is printed, and what was found is told.
 */
export const dumpLog = async (
  options: DumpLogOptions,
  write: Write,
  warn: (line: string) => void,
  fs: FileSystem = nodeFileSystem,
): Promise<void> => {
  const output = new TextOutput(write);
  const findings = new Findings();
  try {
    for (const file of options.files) await dumpFile({ fs, options, output, warn, findings }, tidyPath(file));
  } finally {
    await output.drain();
    findings.tell(warn);
  }
};

const dumpFile = async (context: DumpContext, path: string): Promise<void> => {
  context.output.print(`Dumping ${path}\n`);
  const dump = DUMPS.get(suffixOf(path));
  if (dump === undefined) await ignore(context, path);
  else await dump(context, path);
};

/** Whoever names a directory takes this for a command that would look into it. */
const ignore = async ({ fs, warn }: DumpContext, path: string): Promise<void> => {
  const found = await fs.stat(path).catch(() => undefined);
  if (found?.isDirectory) throw new KafkaError('INVALID_REQUEST', `${path} is a directory`);
  warn(`Ignoring unknown file ${path}`);
};
