import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LAUNCHER = readFileSync(new URL('../bin/barnabas.js', import.meta.url), 'utf8');
const NEWER_THAN_ANY = LAUNCHER.replace(/OLDEST_MAJOR = \d+/, 'OLDEST_MAJOR = 9999');

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'launcher-'));
  for (const folder of ['bin', 'src', 'node_modules/.bin']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});

afterEach(() => rmSync(root, { recursive: true }));

function launch(launcher: string, main: string, ...args: string[]) {
  writeFileSync(join(root, 'bin/barnabas.js'), launcher);
  writeFileSync(join(root, 'src/main.ts'), main);
  return spawn(process.execPath, [join(root, 'bin/barnabas.js'), ...args], { stdio: 'pipe' });
}

const PRINT_ARGUMENTS = 'const args: string[] = process.argv.slice(2); console.log(args.join()); process.exitCode = 7;';

describe('the launcher', () => {
  it('runs the command line with this Node where it is recent enough', async () => {
    const run = launch(LAUNCHER, PRINT_ARGUMENTS, 'dump-log', '--files', 'a b');
    const [output, [code]] = await Promise.all([text(run.stdout), once(run, 'exit')]);
    expect({ output, code }).toEqual({ output: 'dump-log,--files,a b\n', code: 7 });
  });

  describe('under a Node that is too old', () => {
    it('passes arguments, output and exit code through the installed one', async () => {
      symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
      const run = launch(NEWER_THAN_ANY, PRINT_ARGUMENTS, 'dump-log', '--files', 'a b');
      const [output, [code]] = await Promise.all([text(run.stdout), once(run, 'exit')]);
      expect({ output, code }).toEqual({ output: 'dump-log,--files,a b\n', code: 7 });
    });

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('passes %s on', async (signal) => {
      symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
      const main = `process.on('${signal}', () => process.exit(3)); setInterval(() => {}, 1000); console.log('ready');`;
      const run = launch(NEWER_THAN_ANY, main);
      await once(run.stdout, 'data');
      run.kill(signal);
      expect(await once(run, 'exit')).toEqual([3, null]);
    });

    it('reports the signal that ended the command line', async () => {
      symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
      const run = launch(NEWER_THAN_ANY, "process.kill(process.pid, 'SIGKILL');");
      expect(await once(run, 'exit')).toEqual([128 + 9, null]);
    });

    it('says what to install where there is no other', async () => {
      const run = launch(NEWER_THAN_ANY, PRINT_ARGUMENTS);
      const [output, [code]] = await Promise.all([text(run.stderr), once(run, 'exit')]);
      expect(code).toBe(1);
      expect(output).toContain('npm ci');
    });
  });
});
