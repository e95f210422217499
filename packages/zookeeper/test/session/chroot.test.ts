import { describe, expect, it } from 'vitest';
import { Chroot } from '../../src/session/chroot.ts';

describe('Chroot', () => {
  it.each([
    ['/', '/', '/'],
    ['/', '/a', '/a'],
    ['/c', '/', '/c'],
    ['/c', '/a/b', '/c/a/b'],
    ['/c/d', '/a', '/c/d/a'],
  ])('%s makes %s the path %s on the server, and back', (chroot, path, serverPath) => {
    expect(new Chroot(chroot).toServer(path)).toBe(serverPath);
    expect(new Chroot(chroot).fromServer(serverPath)).toBe(path);
  });

  it('knows nothing of paths beside it', () => {
    expect(new Chroot('/c').fromServer('/cc/a')).toBeUndefined();
    expect(new Chroot('/c').fromServer('/')).toBeUndefined();
  });

  it('lets a sequential path end with a slash', () => {
    expect(new Chroot('/').toServerSequential('/')).toBe('/');
    expect(new Chroot('/c').toServerSequential('/')).toBe('/c/');
    expect(new Chroot('/c').toServerSequential('/a/')).toBe('/c/a/');
    expect(() => new Chroot('/c').toServerSequential('a')).toThrow('is not a path');
  });

  it.each(['', 'c', '/c/', '/c//d', '/c/../d', '/c\u0000'])('refuses %j', (chroot) => {
    expect(() => new Chroot(chroot)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENTS' }));
  });
});
