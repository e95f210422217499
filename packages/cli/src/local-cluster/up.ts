import { CommandError } from '../command-error.ts';
import { type Launched, launch } from '../processes/launch.ts';
import { lastLines } from '../processes/log-tail.ts';
import { forgetProcess, runningProcess } from '../processes/process-file.ts';
import { markOf } from '../processes/process-mark.ts';
import { stopProcess } from '../processes/stop-process.ts';
import type { Terminal } from '../terminal.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { type Member, membersOf } from './member.ts';
import { untilReady } from './readiness.ts';
import { refuseTakenPorts } from './taken-ports.ts';
import { welcome } from './welcome.ts';

/** A broker whose id is still held by the session of a dead process waits for that to end. */
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 10_000;
const LINES_SHOWN = 10;

type Started = { readonly member: Member; readonly launched: Launched };

/**
 * Starts what of a cluster is not running, each as a process of its own, and resolves when all brokers are ready. What runs
 * already is left as it is. Where something does not come up, what was started is stopped again.
 *
 * @throws CommandError
 */
export async function up(settings: ClusterSettings, environment: NodeJS.ProcessEnv, terminal: Terminal): Promise<void> {
  const members = membersOf(settings, environment);
  const missing = members.filter((member) => !isRunning(member, terminal));
  await startMembers(missing, members, terminal);
  await terminal.out(welcome(settings));
}

/** Starts `missing`, and resolves when all of `members` are ready. @throws CommandError */
export async function startMembers(
  missing: readonly Member[],
  members: readonly Member[],
  terminal: Terminal,
): Promise<void> {
  await refuseTakenPorts(missing.flatMap(({ ports }) => ports));
  const started = missing.map((member): Started => ({ member, launched: launch(member) }));
  try {
    await untilAllReady(members, started);
  } catch (error) {
    for (const { member, launched } of started) tellEnd(member, launched, terminal);
    await Promise.all(started.map(takeBack));
    throw error;
  } finally {
    for (const { launched } of started) launched.release();
  }
}

function isRunning({ name, directory, args, variables }: Member, terminal: Terminal): boolean {
  const running = runningProcess(directory);
  if (running === undefined) return false;
  if (whereOf(running.args) !== whereOf(args)) {
    throw new CommandError(`${name} runs already, on other ports; \`barnabas down\` first, or ask for those`);
  }
  const isAsAsked = running.args.join('\n') === args.join('\n') && (running.variables ?? '') === variables;
  const remark = isAsAsked ? '' : ', with other settings, which stay until `barnabas down`';
  terminal.err(`${name} runs already (process ${running.pid}${remark})`);
  return true;
}

/** The ports in the arguments of a member. */
const whereOf = (args: readonly string[]): string => args.filter((arg) => /^(?:listeners=|\d+$)/.test(arg)).join(' ');

async function untilAllReady(members: readonly Member[], started: readonly Started[]): Promise<void> {
  const waiting = new AbortController();
  const reasons = new Map<string, string>();
  const ready = members.map(async ({ name, url }) => {
    if (url === undefined) return;
    await untilReady(url, waiting.signal, (reason) => reasons.set(name, reason));
    reasons.delete(name);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => {
      const what = Array.from(reasons, ([name, reason]) => `${name} (${reason})`).join(', ');
      resolve(`not ready within ${READY_DEADLINE_MS / 1000} s: ${what}`);
    }, READY_DEADLINE_MS);
  });
  const ends = started.map(({ member, launched }) => launched.ended.then((how) => `${member.name} ${how}`));
  try {
    const failure = await Promise.race([Promise.all(ready).then(() => undefined), late, ...ends]);
    const stopped = started.length > 0 ? '; what was started has been stopped' : '';
    if (failure !== undefined) throw new CommandError(`${failure}${stopped}`);
  } finally {
    clearTimeout(timer);
    waiting.abort();
  }
}

/** What it wrote last, where it has ended. */
function tellEnd({ name, directory }: Member, { log, logStart }: Launched, terminal: Terminal): void {
  if (runningProcess(directory) !== undefined) return;
  terminal.err(`${name} has ended. Its log, ${log}, ends with:`);
  for (const line of lastLines(log, logStart, LINES_SHOWN)) terminal.err(`  ${line}`);
}

async function takeBack({ member, launched }: Started): Promise<void> {
  const mark = markOf(launched.pid);
  const isOurs = runningProcess(member.directory)?.pid === launched.pid;
  if (mark !== undefined && isOurs) await stopProcess(mark, STOP_DEADLINE_MS);
  if (runningProcess(member.directory) === undefined) forgetProcess(member.directory);
}
