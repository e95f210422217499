/**
 * The codecs that are native modules. They are loaded when a batch first wants them: most clusters use none or one, and each
 * takes megabytes of memory and milliseconds of a start.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const snappy = (): typeof import('snappy') => require('snappy') as typeof import('snappy');
export const lz4 = (): typeof import('lz4-napi') => require('lz4-napi') as typeof import('lz4-napi');
