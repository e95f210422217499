import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithZooKeeper } from '../support/zookeeper/describe-with-zookeeper.ts';
import type { Ensemble } from '../support/zookeeper/ensemble.ts';
import { findOrigin } from '../support/zookeeper/origin.ts';
import { realZooKeeper } from '../support/zookeeper/real-zookeeper.ts';
import { shout } from '../support/zookeeper/say.ts';
import { ZooKeeperProcess } from '../support/zookeeper/zookeeper-process.ts';

const run = promisify(execFile);
const SOURCES = join(import.meta.dirname, 'zookeeper-clients');
const ZK_CLI = '/usr/share/zookeeper/bin/zkCli.sh';
/** Debian's own: another one in the path does not see Debian's packages. */
const PYTHON = '/usr/bin/python3';
const CLIENT_MAX_MS = 120_000;

/** What a client printed. */
type Client = (address: string) => Promise<string>;

/** The same programs against the real server and the embedded one: what they print is compared line by line. */
await describeWithZooKeeper('ZooKeeper clients of others on the embedded server', 'servers', () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-zookeeper-clients-'));
  let real: Ensemble;
  let embedded: ZooKeeperProcess;

  beforeAll(async () => {
    embedded = await ZooKeeperProcess.start(join(dir, 'data'));
    real = await realZooKeeper({ servers: 1, tickTimeMs: 1000 });
  });
  afterAll(async () => {
    await embedded?.stop();
    await real?.stop();
    rmSync(dir, { recursive: true });
  });

  /** Without what the machine lacks a client cannot run: that is said loudly, and on CI it is a failure. */
  const itRuns = (
    name: string,
    needs: string | undefined,
    linesMin: number,
    makeClient: () => Promise<Client>,
  ): void => {
    if (needs !== undefined) {
      shout(`NOT RUN: ${name} on the embedded server. Missing: ${needs}`);
      if (process.env.CI !== 'true') return;
    }
    describe(name, () => {
      it('prints the same as on a real server', async () => {
        if (needs !== undefined) throw new Error(`missing: ${needs}`);
        const client = await makeClient();
        const { host, port } = await real.leader();
        const onReal = await client(`${host}:${port}`);
        const onOurs = await client(embedded.address);
        expect(linesOf(onOurs)).toEqual(linesOf(onReal));
        expect(linesOf(onReal).length).toBeGreaterThanOrEqual(linesMin);
      });
    });
  };

  itRuns('kazoo', missing(PYTHON, ['-c', 'import kazoo'], 'python3-kazoo'), 27, async () => {
    return async (address) => (await outputOf(PYTHON, [join(SOURCES, 'transcript.py'), address])).stdout;
  });

  itRuns('the Java client', missing('javac', ['-version'], 'default-jdk-headless'), 31, async () => {
    const origin = await findOrigin();
    if (origin.type !== 'java') throw new Error("where ZooKeeper comes from has no Java client: Debian's package has");
    await run('javac', ['-proc:none', '-d', dir, '-cp', origin.classPath, join(SOURCES, 'Transcript.java')]);
    return async (address) =>
      (await outputOf('java', ['-cp', `${dir}:${origin.classPath}`, 'Transcript', address])).stdout;
  });

  const program = join(dir, 'transcript');
  const compile = ['-Wall', '-Wextra', '-DTHREADED', join(SOURCES, 'transcript.c'), '-lzookeeper_mt', '-o', program];
  itRuns('the C client', missing('gcc', compile, 'gcc, libzookeeper-mt-dev'), 19, async () => {
    return async (address) => (await outputOf(program, [address])).stdout;
  });

  itRuns('zkCli.sh', missing('test', ['-x', ZK_CLI], 'zookeeper'), 110, async () => {
    const commands = readFileSync(join(SOURCES, 'transcript.zkcli'));
    return async (address) => {
      // What it says about errors goes to its standard error.
      const { stdout, stderr } = await outputOf(ZK_CLI, ['-server', address], commands);
      return withoutPassing(`${stdout}${stderr}`, address);
    };
  });
});

/** The Debian packages to install where the command fails. */
function missing(command: string, args: readonly string[], packages: string): string | undefined {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : `${packages} (apt-get install ${packages.replaceAll(',', '')})\n${stderr ?? ''}`;
}

type Output = { readonly stdout: string; readonly stderr: string };

/** Rejects where the program does not end well. */
async function outputOf(command: string, args: readonly string[], input?: Buffer): Promise<Output> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: CLIENT_MAX_MS });
  child.stdin.end(input);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}:\n${stdout}${stderr}`);
  return { stdout, stderr };
}

function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line !== '');
}

/**
 * Without zxids, sessions and times. Events are printed by a thread of their own, anywhere between the answers: the lines
 * are sorted.
 */
function withoutPassing(output: string, address: string): string {
  return linesOf(output)
    .map((line) =>
      line
        .replaceAll(address, 'ADDRESS')
        .replaceAll(/0x[0-9a-f]+/g, '0xN')
        .replace(/^([cm]time) = .*/, '$1 = T'),
    )
    .sort()
    .join('\n');
}
