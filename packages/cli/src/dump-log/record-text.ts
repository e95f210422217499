import type { RecordCursor } from './record-cursor.ts';

/** Key and payload of a record as they are printed; what is undefined is left out. */
export type RecordText = { readonly key: string | undefined; readonly payload: string | undefined };

/** Makes the text of a record. Throws KafkaError where it is none that it knows. */
export type RecordDecoder = (record: RecordCursor) => RecordText;
