/** The records of `__transaction_state`. A key whose version is not 0 is of no kind that is known. */
import type { InputOf } from '../schema/field.ts';
import type { KeyAndValue } from './offsets-record.ts';
import { TransactionLogKey, TransactionLogValue } from './transaction-log.ts';
import { decodeVersioned, encodeVersioned, type Versioned, versionOf } from './versioned.ts';

export type TransactionRecord =
  | {
      readonly type: 'transaction';
      readonly key: Versioned<TransactionLogKey>;
      /** null: the transactional id is deleted. */
      readonly value: Versioned<TransactionLogValue> | null;
    }
  | { readonly type: 'unknown'; readonly keyVersion: number };

const KEY_VERSION = 0;
const VALUE_VERSION = 0;

/** Throws MalformedMessageError (CORRUPT_MESSAGE); UnsupportedMessageVersionError for an unknown version of a value. */
export const decodeTransactionRecord = (key: Buffer, value: Buffer | null): TransactionRecord => {
  const keyVersion = versionOf(key, 'key in __transaction_state', 'CORRUPT_MESSAGE');
  if (keyVersion !== KEY_VERSION) return { type: 'unknown', keyVersion };
  return {
    type: 'transaction',
    key: decodeVersioned(TransactionLogKey, key),
    value: value && decodeVersioned(TransactionLogValue, value),
  };
};

/** The record of a transaction, or without a value the one that deletes its id, in the versions that Kafka 3.9 writes. */
export const encodeTransaction = (
  key: InputOf<typeof TransactionLogKey>,
  value: InputOf<typeof TransactionLogValue> | null,
): KeyAndValue => ({
  key: encodeVersioned(TransactionLogKey, KEY_VERSION, key),
  value: value && encodeVersioned(TransactionLogValue, VALUE_VERSION, value),
});
