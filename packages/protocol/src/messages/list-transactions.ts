/** The transactional ids that the broker which is asked coordinates (KIP-664). */
import { array, int16, int32, int64, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

export const ListTransactionsRequest = message('ListTransactionsRequest', '0-1', '0+', {
  stateFilters: array('0+', string),
  producerIdFilters: array('0+', int64),
  /** Only transactions that have been open for longer than this many milliseconds; -1: all (KIP-994). */
  durationFilter: int64('1+', { default: -1n }),
});
export type ListTransactionsRequest = TypeOf<typeof ListTransactionsRequest>;

const ListedTransaction = struct({
  transactionalId: string('0+'),
  producerId: int64('0+'),
  transactionState: string('0+'),
});

export const ListTransactionsResponse = message('ListTransactionsResponse', '0-1', '0+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  unknownStateFilters: array('0+', string),
  transactionStates: array('0+', ListedTransaction),
});
export type ListTransactionsResponse = TypeOf<typeof ListTransactionsResponse>;
