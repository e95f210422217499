import { run } from '../src/run.ts';

/** What a command printed, and its exit code. */
export type CapturedRun = { readonly exit: number; readonly out: string; readonly err: string };

export const capturedRun = async (args: readonly string[], debug = false): Promise<CapturedRun> => {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = { out: (text: string) => void out.push(text), err: (line: string) => void err.push(`${line}\n`) };
  const exit = await run(args, terminal, debug);
  return { exit, out: out.join(''), err: err.join('') };
};
