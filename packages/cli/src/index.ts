export { type CommandHelp, commandHelps } from './command-help.ts';
export { dumpLog } from './dump-log/dump-log.ts';
export type { DumpLogOptions } from './dump-log/options.ts';
export type { RecordDecoder, RecordText } from './dump-log/record-text.ts';
export { systemClock, systemRandom, systemScheduler } from './system.ts';
