/**
 * A broker in a process of its own, so that it can be killed: runs with the properties of its arguments, each `name=value`, and
 * prints where its HTTP API is once it serves.
 */
import { NO_LOG, startServer } from '../../../src/index.ts';
import { REAL } from './real-time.ts';

const server = await startServer({ ...REAL, properties: { overrides: process.argv.slice(2) }, logger: NO_LOG });
process.stdout.write(`${server.listeners.get('REST')?.port}\n`);
