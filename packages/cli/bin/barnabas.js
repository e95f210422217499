#!/usr/bin/env node
/**
 * Starts the command line, which is TypeScript that Node runs as it is from version 24 on: with this Node where it is
 * recent enough, or else with the one that npm installed next to us.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '../src/main.ts');

if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) {
  keepCompiled();
  await import(main);
} else {
  const node = installedNode(here);
  if (node === undefined) {
    process.stderr.write(
      `barnabas needs Node ${OLDEST_MAJOR} or later, and this is ${process.versions.node}.\n` +
        'Install a newer one, or run `npm ci` in the checkout, which brings one along.\n',
    );
    process.exitCode = 1;
  } else {
    runWith(node);
  }
}

/** What Node makes of the TypeScript is the greater part of a start; it need not make it again every time. */
function keepCompiled() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  const folder = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (folder) module.enableCompileCache(join(folder, 'barnabas/compiled'));
}

/** The `node` of the nearest node_modules above `folder`. */
function installedNode(folder) {
  const candidate = join(folder, 'node_modules/.bin/node');
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedNode(parent);
}

/** Hands over arguments, streams and signals, and ends as the other ends. */
function runWith(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  for (const signal of ['SIGINT', 'SIGQUIT']) {
    process.on(signal, () => {
      // A terminal sends these to both of us.
      if (!process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`barnabas: cannot start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}
