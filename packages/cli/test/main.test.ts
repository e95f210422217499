import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../bin/barnabas.js', import.meta.url));
const GOLDEN = fileURLToPath(new URL('../../../test/golden', import.meta.url));

const start = (...args: string[]) =>
  spawn(process.execPath, [LAUNCHER, ...args], { cwd: GOLDEN, stdio: ['ignore', 'pipe', 'pipe'] });

const finish = async (run: ReturnType<typeof start>) => {
  const [out, err, [exit]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, 'close')]);
  return { out, err, exit };
};

describe('the program', () => {
  it('dumps a log', async () => {
    const files = 'cluster/broker-2/data/codec-none-0/00000000000000000042.log';
    expect(await finish(start('dump-log', '--print-data-log', '--files', files))).toEqual({
      out: readFileSync(`${GOLDEN}/dump-log/02.txt`, 'utf8'),
      err: '',
      exit: 0,
    });
  });

  it('prints what it could read before it fails', async () => {
    const files = 'unclean/variants/zeros-at-tail/input/plain-0/00000000000000000043.log';
    expect(await finish(start('dump-log', '--files', files))).toEqual({
      out: readFileSync(`${GOLDEN}/dump-log/22.txt`, 'utf8'),
      err: `barnabas: ${files} is malformed at byte 533: a batch of length 0; none is under 14\n`,
      exit: 1,
    });
  });

  it('tells wrong usage from failure', async () => {
    const { out, err, exit } = await finish(start('dump-log'));
    expect([out, exit]).toEqual(['', 2]);
    expect(err).toMatch(/^barnabas: required option [^\n]+\n$/);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const files = Array(400).fill('cluster/broker-2/data/codec-none-0/00000000000000000000.log').join();
    const run = start('dump-log', '--print-data-log', '--files', files);
    await once(run.stdout, 'data');
    run.stdout.destroy();
    const [err, [exit]] = await Promise.all([text(run.stderr), once(run, 'exit')]);
    expect({ err, exit }).toEqual({ err: '', exit: 0 });
  });

  it.runIf(process.platform === 'linux')('fails where its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { stderr, status } = spawnSync(process.execPath, [LAUNCHER, '--help'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    expect([stderr.toString(), status]).toEqual([
      'barnabas: the output could not be written: no space left on the device\n',
      1,
    ]);
  });
});
