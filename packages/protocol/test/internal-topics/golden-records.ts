import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A record of an internal topic as it lies in the log, and what Kafka decoded from it. */
export type GoldenRecord = {
  readonly file: string;
  readonly offset: number;
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly expected: {
    readonly keyVersion: number;
    readonly key: object;
    readonly valueVersion?: number;
    readonly value: { readonly members?: readonly GoldenMember[] } | null;
  };
};
/** A member's bytes are in the group's value; Kafka's reading of them stands beside it. */
export type GoldenMember = {
  readonly subscription: string;
  readonly assignment: string;
  readonly subscriptionVersion?: number;
  readonly subscriptionDecoded?: object;
  readonly assignmentVersion?: number;
  readonly assignmentDecoded?: object;
};

type Batch = {
  readonly control: boolean;
  readonly records: readonly { readonly offset: number; readonly key: string; readonly value: string | null }[];
};

const EXPECTED = fileURLToPath(new URL('../../../../test/golden/expected', import.meta.url));

const linesOf = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const recordsOf = (decodedFile: string): GoldenRecord[] => {
  const batches = linesOf<Batch>(decodedFile.replace('.decoded.', '.batches.'));
  const raw = new Map(
    batches
      .filter(({ control }) => !control)
      .flatMap((batch) => batch.records.map((record) => [record.offset, record])),
  );
  return linesOf<GoldenRecord['expected'] & { readonly offset: number }>(decodedFile).map((expected) => {
    const record = raw.get(expected.offset);
    if (record === undefined) throw new Error(`${decodedFile} has no record at ${expected.offset}`);
    const value = record.value === null ? null : Buffer.from(record.value, 'base64');
    return { file: decodedFile, offset: expected.offset, key: Buffer.from(record.key, 'base64'), value, expected };
  });
};

/** Every record of `topic` that Kafka wrote. */
export const goldenRecordsOf = (topic: string): GoldenRecord[] => {
  if (!existsSync(EXPECTED)) throw new Error(`${EXPECTED} is missing`);
  return globSync(`${EXPECTED}/**/${topic}-*.decoded.ndjson`).flatMap(recordsOf);
};

/** A decoded message in the words of plain JSON: safe integers, base64. */
export const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
};
