export * from './brand.ts';
export * from './config/broker-log-config.ts';
export * from './config/log-config.ts';
export * from './config/parse.ts';
export type { BrokerName, ConfigRow, ConfigRows } from './config/row.ts';
export { ERRORS, type ErrorName, type ErrorRow } from './error-table.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './ports.ts';
