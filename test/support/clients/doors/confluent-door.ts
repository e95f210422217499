import { PYTHON, scriptArgs } from '../confluent.ts';
import { runProgram } from '../run-program.ts';
import type { PlainRecord, RecordDoor } from './record-door.ts';

/** librdkafka, by way of Python. */
export const confluentDoor = (bootstrapServers: string): RecordDoor => ({
  name: 'librdkafka',
  produce: async (topic, records) => {
    await runProgram(PYTHON, scriptArgs('write_records', bootstrapServers, topic), JSON.stringify(records));
  },
  read: async (topic, count) => {
    const { lines } = await runProgram(PYTHON, scriptArgs('read_records', bootstrapServers, topic, `${count}`));
    return lines.map((line) => JSON.parse(line) as PlainRecord);
  },
});
