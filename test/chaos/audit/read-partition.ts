import { type Client, createClient } from '@barnabas/client';
import type { BrokerProcess } from '../../support/cluster/broker-process.ts';
import type { Found } from './audit.ts';

const READ_MAX_MS = 60_000;

/** What the broker answers of a partition, from the first record on up to `end`, or as much of that as it has. */
export async function readPartition(client: Client, topic: string, partition: number, end: number): Promise<Found[]> {
  const signal = AbortSignal.timeout(READ_MAX_MS);
  const reader = client.reader({ topic, partition, from: 'earliest', waitMs: 0, maxBytes: 8 * 1024 * 1024, signal });
  const found: Found[] = [];
  if (end === 0) return found;
  for await (const records of reader.batches()) {
    for (const record of records) found.push({ offset: record.offset, text: record.text() });
    if ((found.at(-1)?.offset ?? 0) + 1 >= end) break;
  }
  return found;
}

/** Reads with a client that knows this broker alone. */
export async function readAll(broker: BrokerProcess, topic: string, ends: readonly number[]): Promise<Found[][]> {
  const client = createClient({ servers: [broker.restUrl] });
  try {
    return await Promise.all(ends.map((end, partition) => readPartition(client, topic, partition, end)));
  } finally {
    await client.close();
  }
}
