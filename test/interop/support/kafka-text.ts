import type { WrittenRecord } from './scribe.ts';

/** The line that `DumpLogSegments --print-data-log` has for a record. */
export const dumpLogLine = (record: WrittenRecord): string => {
  const { offset, timestampType, timestamp, key, value, sequence, headers, marker } = record;
  // The key and the value of a marker are made by the log.
  const [keyBytes, valueBytes] = marker === undefined ? [key?.length ?? -1, value?.length ?? -1] : [4, 6];
  const line = [
    `| offset: ${offset} ${timestampType}: ${timestamp} keySize: ${keyBytes} valueSize: ${valueBytes}`,
    `sequence: ${sequence} headerKeys: [${headers.map((header) => header.key).join(',')}]`,
  ];
  if (marker !== undefined) {
    line.push(`endTxnMarker: ${marker.kind.toUpperCase()} coordinatorEpoch: ${marker.coordinatorEpoch}`);
  }
  if (key !== null) line.push(`key: ${key}`);
  if (value !== null) line.push(`payload: ${value}`);
  return line.join(' ');
};

/** What a consumer sees of a record. */
export type ReadableRecord = Pick<
  WrittenRecord,
  'offset' | 'timestampType' | 'timestamp' | 'key' | 'value' | 'headers'
>;

/** The line of the console consumer for a record, with all that it can print. */
export const consumerLine = (partition: number, record: ReadableRecord): string => {
  const { offset, timestampType, timestamp, key, value, headers } = record;
  const text = (bytes: Buffer | null): string => (bytes === null ? NULL : bytes.toString());
  const pairs = headers.map((header) => `${header.key}:${text(header.value)}`);
  return [
    `${timestampType}:${timestamp}`,
    `Partition:${partition}`,
    `Offset:${offset}`,
    headers.length === 0 ? 'NO_HEADERS' : pairs.join(','),
    text(key),
    text(value),
  ].join('\t');
};

/** How the consumer is to print null. */
export const NULL = '<null>';
