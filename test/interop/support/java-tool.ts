import { type JavaOptions, JavaProcess } from '../../support/java/java-process.ts';

export type ToolRun = { readonly status: number; readonly stdout: string; readonly stderr: string };

const TOOL_MAX_MS = 120_000;

/** Runs a tool to its end. Rejects where it cannot be started, is killed or takes too long. */
export const runTool = async (options: Omit<JavaOptions, 'kind'>): Promise<ToolRun> => {
  const java = new JavaProcess({ ...options, kind: 'tool' });
  try {
    const status = await java.ended(TOOL_MAX_MS);
    if (typeof status !== 'number') throw new Error(`${options.mainClass} ended with ${status}:\n${java.tail}`);
    return { status, stdout: java.stdout, stderr: java.stderr };
  } finally {
    await java.stop('SIGKILL');
  }
};

/** The lines that a tool printed. Rejects where it fails. */
export const linesOf = async (options: Omit<JavaOptions, 'kind'>): Promise<string[]> => {
  const { status, stdout, stderr } = await runTool(options);
  if (status !== 0) throw new Error(`${options.mainClass} ended with ${status}:\n${stdout}${stderr}`);
  const lines = stdout.split('\n');
  // Not every tool ends its last line.
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};
