import { describe, expect, it } from 'vitest';
import { run } from '../src/run.ts';
import { OutputError } from '../src/terminal.ts';
import { capturedRun } from './captured-run.ts';

describe('run', () => {
  it('answers --help and --version', async () => {
    const help = await capturedRun(['--help']);
    expect([help.exit, help.err]).toEqual([0, '']);
    expect(help.out).toContain('dump-log [options]');
    expect(await capturedRun(['--version'])).toEqual({
      exit: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      err: '',
    });
    expect((await capturedRun(['dump-log', '--version'])).out).toBe((await capturedRun(['--version'])).out);
  });

  it('shows what there is to somebody who asks for nothing', async () => {
    const { exit, out, err } = await capturedRun([]);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain('dump-log [options]');
  });

  it.each([
    [['nope'], /unknown command 'nope'/],
    [['dump-log'], /required option '--files <file1,file2,\.\.\.>' not specified/],
    [['dump-log', '--files', 'a.log', 'b.log'], /too many arguments/],
    [['dump-log', '--files', 'a.log', '--deep-iterations'], /unknown option '--deep-iterations'.*--deep-iteration/],
    [['dump-log', '--files', 'a.log,,b.log'], /no file between two commas/],
    [['dump-log', '--files', 'a.log', '--max-bytes', '1k'], /number of bytes from 0 to 2147483647/],
    [['dump-log', '--files', 'a.log', '--max-message-size', '2147483648'], /number of bytes from 0 to 2147483647/],
    [['dump-log', '--files', 'a.log', '--key-decoder-class', 'a.B'], /no Java class can be loaded here/],
    [['dump-log', '--files', 'a.log', '--cluster-metadata-decoder'], /no log of cluster metadata/],
    [['dump-log', '--files', 'a.log', '--remote-log-metadata-decoder'], /no tiered storage/],
    [['dump-log', '--files', 'a.log', '--share-group-state-decoder'], /no share groups/],
  ])('refuses %j in one line, with exit code 2', async (args, message) => {
    const { exit, out, err } = await capturedRun(args);
    expect([exit, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toMatch(/^barnabas: [^\n]+\n$/);
  });

  it('shows where an error came from only when asked to', async () => {
    const args = ['dump-log', '--files', '/nowhere/1.log'];
    const plain = await capturedRun(args);
    expect([plain.exit, plain.err]).toEqual([1, 'barnabas: /nowhere/1.log: no such file or directory\n']);
    const debug = await capturedRun(args, true);
    expect(debug.err.startsWith(plain.err)).toBe(true);
    expect(debug.err).toContain('ENOENT');
  });

  it.each([
    ['EPIPE', 0, []],
    ['EIO', 1, ['barnabas: the output could not be written: EIO']],
  ])('ends with the output that fails with %s', async (code, exit, told) => {
    const lines: string[] = [];
    const cause = Object.assign(new Error(code), { code, syscall: 'write' });
    const out = () => {
      throw new OutputError(cause);
    };
    expect(await run(['--help'], { out, err: (line) => void lines.push(line) })).toBe(exit);
    expect(lines).toEqual(told);
  });
});
