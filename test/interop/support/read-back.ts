import { offset } from '@barnabas/model';
import { batchBytesOf, batchesIn, isControl, readRecords, timestampTypeOf } from '@barnabas/protocol';
import type { Log, LogManager } from '@barnabas/storage';
import type { Acknowledged } from './kafka-producer.ts';
import { consumerLine } from './kafka-text.ts';
import { TOPIC } from './ours.ts';

const READ_BYTES = 64 * 1024;

/** The records of a log as our own reader finds them, in the lines that Kafka's consumer prints. */
export const readBack = async (log: Log): Promise<string[]> => {
  const lines: string[] = [];
  for (let from = log.startOffset; from < log.endOffset; ) {
    const { bytes } = await log.read(from, { maxBytes: READ_BYTES, isolation: 'logEnd', minOneBatch: true });
    for (const at of batchesIn(bytes)) {
      if (at + batchBytesOf(bytes, at) > bytes.length) break;
      const found = readRecords(bytes, at);
      const last = found.at(-1);
      if (last === undefined || last.offset < from) continue;
      from = offset(last.offset + 1);
      if (isControl(bytes, at)) continue;
      const timestampType = timestampTypeOf(bytes, at);
      for (const record of found) {
        if (record.offset < log.startOffset) continue;
        lines.push(consumerLine(log.topicPartition.partition, { ...record, timestampType }));
      }
    }
  }
  return lines;
};

/** Of all partitions of the topic that are open, one after the other. */
export const readBackAll = async (manager: LogManager): Promise<string[]> => {
  const logs = Array.from(manager.logs()).filter(({ topicPartition }) => topicPartition.topic === TOPIC);
  logs.sort((a, b) => a.topicPartition.partition - b.topicPartition.partition);
  return (await Promise.all(logs.map(readBack))).flat();
};

/** The place and the content of a record, without the time at which the producer made it. */
export const placeAndContent = (line: string): string => line.slice(line.indexOf('\t') + 1);

export const acknowledgedLine = ({ partition, offset: at, key, value }: Acknowledged): string =>
  [`Partition:${partition}`, `Offset:${at}`, 'NO_HEADERS', key, value].join('\t');
