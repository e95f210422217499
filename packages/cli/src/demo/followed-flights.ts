import { createHash } from 'node:crypto';
import type { Reader } from '@barnabas/client';
import type { FlightRecord } from './flights.ts';

/** Key of the record that says there is no more. */
export const END = 'end';

/** What a reader has got, against what was sent. */
export type Followed = {
  readonly count: number;
  /** What is not as it should be; undefined where all is. */
  readonly fault: string | undefined;
  readonly hash: string;
};

/** The hash of all records, in their order, in hexadecimal. */
export function hashOf(records: Iterable<FlightRecord>): string {
  const hash = createHash('sha256');
  for (const { key, value } of records) hash.update(`${key}\n${value}\n`);
  return hash.digest('hex');
}

/** Follows the partition up to its end, and compares what comes with what was to come; `counted` hears of each record. */
export async function follow(
  reader: Reader,
  sent: readonly FlightRecord[],
  counted: (count: number) => void,
): Promise<Followed> {
  const got: FlightRecord[] = [];
  let fault: string | undefined;
  let lastOffset = -1;
  for await (const record of reader) {
    const key = Buffer.from(record.key ?? []).toString();
    if (key === END) break;
    const flight = { key, value: record.text() };
    const wanted = sent[got.length];
    if (record.offset <= lastOffset) fault ??= `offset ${record.offset} came after ${lastOffset}`;
    if (flight.value !== wanted?.value || flight.key !== wanted.key) fault ??= faultAt(got.length, record.offset);
    lastOffset = record.offset;
    got.push(flight);
    counted(got.length);
  }
  if (got.length !== sent.length) fault ??= `${sent.length} were sent, and ${got.length} came`;
  return { count: got.length, fault, hash: hashOf(got) };
}

const faultAt = (index: number, offset: number): string =>
  `record ${index}, at offset ${offset}, is not the one that was sent`;
