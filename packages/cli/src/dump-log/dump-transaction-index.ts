import { MalformedFileError } from '@barnabas/storage';
import { type DumpContext, refuseDirectory } from './dump-context.ts';
import { baseOffsetOfName } from './file-name.ts';
import { int64At } from './int64.ts';

// aborted-transactions.ts of the storage has the layout, and a reader that refuses what a dump is there to show.
const ENTRY_BYTES = 34;
const PRODUCER_ID_AT = 2;
const FIRST_OFFSET_AT = 10;
const LAST_OFFSET_AT = 18;
const LAST_STABLE_OFFSET_AT = 26;
/** The only version there is. */
const VERSION = 0;

/** Prints a `.txnindex`. Rejects with MalformedFileError for an unknown version, and has then printed nothing of it. */
export const dumpTransactionIndex = async ({ fs, output, warn }: DumpContext, path: string): Promise<void> => {
  baseOffsetOfName(path);
  await refuseDirectory(fs, path);
  const bytes = await fs.readFile(path);
  const tornBytes = bytes.length % ENTRY_BYTES;
  const wholeBytes = bytes.length - tornBytes;
  for (let at = 0; at < wholeBytes; at += ENTRY_BYTES) checkVersion(path, bytes, at);
  for (let at = 0; at < wholeBytes; at += ENTRY_BYTES) output.print(entryLine(bytes, at));
  if (tornBytes > 0) warn(`${path} ends with ${tornBytes} bytes that are no whole entry`);
};

const checkVersion = (path: string, bytes: Buffer, at: number): void => {
  const version = bytes.readInt16BE(at);
  if (version !== VERSION) throw new MalformedFileError(path, { byte: at }, `the version is ${version}, 0 is known`);
};

const entryLine = (bytes: Buffer, at: number): string =>
  `version: ${VERSION} producerId: ${int64At(bytes, at + PRODUCER_ID_AT)} ` +
  `firstOffset: ${int64At(bytes, at + FIRST_OFFSET_AT)} lastOffset: ${int64At(bytes, at + LAST_OFFSET_AT)} ` +
  `lastStableOffset: ${int64At(bytes, at + LAST_STABLE_OFFSET_AT)}\n`;
