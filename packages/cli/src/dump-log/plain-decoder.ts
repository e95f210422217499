import { KafkaError } from '@barnabas/model';
import { decodeJavaUtf8 } from './java-utf8.ts';
import type { RecordDecoder } from './record-text.ts';

/** What keys or values are taken for: UTF-8, or a big-endian number. */
export type PlainType = 'string' | 'int32' | 'int64';

const decode = (type: PlainType, bytes: Buffer, from: number, sizeBytes: number): string => {
  if (type === 'string') return decodeJavaUtf8(bytes, from, from + sizeBytes);
  const neededBytes = type === 'int32' ? 4 : 8;
  if (sizeBytes < neededBytes) {
    throw new KafkaError('INVALID_RECORD', `${sizeBytes} bytes hold no number of ${neededBytes} bytes`);
  }
  return String(type === 'int32' ? bytes.readInt32BE(from) : bytes.readBigInt64BE(from));
};

export const plainDecoder =
  (keyType: PlainType, valueType: PlainType): RecordDecoder =>
  ({ bytes, keyAt, keySize, valueAt, valueSize }) => ({
    key: keySize < 0 ? undefined : decode(keyType, bytes, keyAt, keySize),
    payload: valueSize < 0 ? undefined : decode(valueType, bytes, valueAt, valueSize),
  });
