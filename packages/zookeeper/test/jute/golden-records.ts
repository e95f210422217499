import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type GoldenRecord = { readonly title: string; readonly value: unknown; readonly bytes: Buffer };

type Line = { readonly kind: string; readonly name?: string; readonly value: unknown; readonly hex: string };

const LINES = readFileSync(join(import.meta.dirname, 'golden', 'jute.ndjson'), 'utf8')
  .trimEnd()
  .split('\n');
const RECORDS: readonly Line[] = LINES.map((line) => JSON.parse(line, revive) as Line);

/** The records of one kind that Java wrote; see golden/README.md. */
export function goldenRecords(kind: string): GoldenRecord[] {
  const records = RECORDS.filter((line) => line.kind === kind);
  if (records.length === 0) throw new Error(`there are no golden records of kind ${kind}`);
  return records.map(({ name = '', value, hex }) => ({
    title: `${name} ${toText(value)}`.slice(0, 140),
    value,
    bytes: Buffer.from(hex, 'hex'),
  }));
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$hex' in value) return Buffer.from(String(value.$hex), 'hex');
  if ('$bigint' in value) return BigInt(String(value.$bigint));
  return value;
}

const toText = (value: unknown): string =>
  JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part));
