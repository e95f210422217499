import { ERRORS, type ErrorName, type ErrorRow } from './error-table.ts';

const ROWS_BY_CODE: ReadonlyMap<number, ErrorRow> = new Map(Object.values(ERRORS).map((row) => [row.code, row]));

/** The error that `code` stands for on the wire; for a code not known here UNKNOWN_SERVER_ERROR, which is not retriable. */
export function errorByCode(code: number): ErrorRow {
  return ROWS_BY_CODE.get(code) ?? ERRORS.UNKNOWN_SERVER_ERROR;
}

/** A failure that has a place in Kafka's error table. */
export class KafkaError extends Error {
  readonly error: ErrorName;
  constructor(error: ErrorName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.error = error;
  }
}
