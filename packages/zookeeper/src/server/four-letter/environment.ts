import { freemem, homedir, hostname, release, tmpdir, totalmem, userInfo } from 'node:os';

const MIB = 1024 * 1024;

/** The answer to `envi`. Clients look for `zookeeper.version` in it. */
export function environment(version: string): string {
  const entries = {
    'zookeeper.version': version,
    'host.name': hostname(),
    'node.version': process.version,
    'node.home': process.execPath,
    'node.io.tmpdir': tmpdir(),
    'os.name': process.platform,
    'os.arch': process.arch,
    'os.version': release(),
    'user.name': userName(),
    'user.home': homedir(),
    'user.dir': process.cwd(),
    'os.memory.free': `${Math.floor(freemem() / MIB)}MB`,
    'os.memory.total': `${Math.floor(totalmem() / MIB)}MB`,
  };
  const lines = Object.entries(entries).map(([name, value]) => `${name}=${value}\n`);
  return `Environment:\n${lines.join('')}`;
}

/** A container may run as a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
