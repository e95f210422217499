import { type RunningProgram, startProgram } from '../run-program.ts';
import type { ReadRecord, SteadyMember } from './steady-client.ts';

/** A member that is a program, which prints `partition offset value` of what it reads, and leaves at SIGTERM. */
export function readingProgram(command: string, args: readonly string[]): SteadyMember {
  const program = startProgram(command, args);
  program.input.end();
  const read: ReadRecord[] = [];
  return {
    get read() {
      return takeNew(program, read);
    },
    leave: () => program.stop(),
  };
}

const takeNew = ({ lines }: RunningProgram, read: ReadRecord[]): readonly ReadRecord[] => {
  for (const line of lines.slice(read.length)) {
    const [partition = -1, offset = -1, value = -1] = line.split(' ').map(Number);
    read.push({ partition, offset, value });
  }
  return read;
};
