import { PYTHON, scriptArgs } from '../confluent.ts';
import { startProgram } from '../run-program.ts';
import { readingProgram } from './reading-program.ts';
import { COMMIT_INTERVAL_MS, PACE_MS, SESSION_TIMEOUT_MS, type SteadyClient } from './steady-client.ts';

/** librdkafka by way of Python. The program tells how many it has sent, and at last how many are acknowledged. */
export const confluentSteadily: SteadyClient = {
  load: async (bootstrapServers, topic, partitions) => {
    const args = scriptArgs('steady_load', bootstrapServers, topic, `${partitions}`, `${PACE_MS}`);
    const program = startProgram(PYTHON, args);
    return {
      get sent() {
        return Array.from({ length: partitions }, () => Number(program.lines.at(-1) ?? 0));
      },
      stop: async () => {
        program.input.end();
        await program.ended;
        return JSON.parse(program.lines.at(-1) ?? '[]') as number[];
      },
    };
  },
  join: async (bootstrapServers, group, topic) => {
    const times = [`${SESSION_TIMEOUT_MS}`, `${COMMIT_INTERVAL_MS}`];
    return readingProgram(PYTHON, scriptArgs('steady_member', bootstrapServers, group, topic, ...times));
  },
};
