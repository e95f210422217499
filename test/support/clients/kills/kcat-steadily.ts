import { setInterval } from 'node:timers/promises';
import { runProgram, startProgram } from '../run-program.ts';
import { readingProgram } from './reading-program.ts';
import {
  COMMIT_INTERVAL_MS,
  PACE_MS,
  SESSION_TIMEOUT_MS,
  type SteadyClient,
  type SteadyLoad,
} from './steady-client.ts';

/** kcat, with one producer for each partition. */
export const kcatSteadily: SteadyClient = {
  load: async (bootstrapServers, topic, partitions) => {
    // So that the first lines do not wait for metadata.
    await runProgram('kcat', ['-b', bootstrapServers, '-L', '-t', topic]);
    return loadOf(bootstrapServers, topic, partitions);
  },
  join: async (bootstrapServers, group, topic) => {
    const settings = [
      'auto.offset.reset=earliest',
      `session.timeout.ms=${SESSION_TIMEOUT_MS}`,
      'heartbeat.interval.ms=500',
      `auto.commit.interval.ms=${COMMIT_INTERVAL_MS}`,
      'check.crcs=true',
    ].flatMap((one) => ['-X', one]);
    const args = ['-b', bootstrapServers, '-G', group, '-q', '-u', '-f', '%p %o %s\n', ...settings, topic];
    return readingProgram('kcat', args);
  },
};

const loadOf = (bootstrapServers: string, topic: string, partitions: number): SteadyLoad => {
  const args = ['-b', bootstrapServers, '-P', '-t', topic, '-X', 'enable.idempotence=true', '-X', 'linger.ms=5'];
  const programs = Array.from({ length: partitions }, (_, partition) =>
    startProgram('kcat', [...args, '-p', `${partition}`]),
  );
  const sent = programs.map(() => 0);
  const stopping = new AbortController();
  const sendAll = async (): Promise<void> => {
    for await (const _ of setInterval(PACE_MS, undefined, { signal: stopping.signal })) {
      for (const [partition, { input }] of programs.entries()) {
        const value = sent[partition] ?? 0;
        input.write(`${value}\n`);
        sent[partition] = value + 1;
      }
    }
  };
  const sending = sendAll().catch(() => {});
  const stop = async (): Promise<readonly number[]> => {
    stopping.abort();
    await sending;
    for (const { input } of programs) input.end();
    await Promise.all(programs.map(({ ended }) => ended));
    return sent;
  };
  return { sent, stop };
};
