import { isControl, readControlRecord, type TimestampType, timestampTypeOf } from '@barnabas/protocol';
import type { BatchView } from './batch-walk.ts';
import type { RecordCursor } from './record-cursor.ts';
import type { RecordDecoder, RecordText } from './record-text.ts';
import type { TextOutput } from './text-output.ts';

/** What is printed of a record beside the line's end. No decoder: not its contents. */
export type RecordStyle = { readonly skipMetadata: boolean; readonly decoder: RecordDecoder | undefined };

/** Types of control records by their number, as Kafka names them. All but the first two are of KRaft clusters. */
const CONTROL_TYPES = [
  'ABORT',
  'COMMIT',
  'LEADER_CHANGE',
  'SNAPSHOT_HEADER',
  'SNAPSHOT_FOOTER',
  'KRAFT_VERSION',
  'KRAFT_VOTERS',
] as const;

/**
 * Prints the lines of the records of one batch. What stands before the contents is printed even where a decoder or a
 * control record then throws its KafkaError.
 */
export const recordPrinter = (
  { bytes, at }: BatchView,
  { skipMetadata, decoder }: RecordStyle,
  output: TextOutput,
): ((record: RecordCursor) => void) => {
  const timestampType = timestampTypeOf(bytes, at);
  const control = isControl(bytes, at);
  return (record) => {
    if (!skipMetadata) output.print(metadataText(record, timestampType));
    if (control) {
      output.print(skipMetadata ? '\n' : `${controlText(record)}\n`);
    } else {
      output.print(decoder === undefined ? '\n' : contentText(decoder(record), skipMetadata));
    }
  };
};

const contentText = ({ key, payload }: RecordText, isLineStart: boolean): string => {
  const keyText = key === undefined ? '' : `${isLineStart ? '| ' : ' '}key: ${key}`;
  return payload === undefined ? `${keyText}\n` : `${keyText} payload: ${payload}\n`;
};

const metadataText = (record: RecordCursor, timestampType: TimestampType): string =>
  `| offset: ${record.offset} ${timestampType}: ${record.timestamp} ` +
  `keySize: ${record.keySize} valueSize: ${record.valueSize} ` +
  `sequence: ${record.sequence} headerKeys: [${record.headerKeys().join(',')}]`;

const controlText = (record: RecordCursor): string => {
  const marker = readControlRecord(record);
  if (marker.kind === 'other') return ` controlType: ${CONTROL_TYPES[marker.type] ?? 'UNKNOWN'}(${marker.type})`;
  return ` endTxnMarker: ${marker.kind.toUpperCase()} coordinatorEpoch: ${marker.coordinatorEpoch}`;
};
