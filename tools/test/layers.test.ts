import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layerViolations } from '../layers.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layers-'));
});

afterEach(() => rmSync(root, { recursive: true }));

/** Puts a package into the tree: its source files by their path below `src`, and what its package.json depends on. */
function add(name: string, files: Record<string, string>, dependencies: string[] = []): void {
  const manifest = { dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])) };
  write(`packages/${name}/package.json`, JSON.stringify(manifest));
  for (const [path, source] of Object.entries(files)) write(`packages/${name}/src/${path}`, source);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('layerViolations', () => {
  it('finds nothing in this repository', () => {
    expect(layerViolations(resolve(import.meta.dirname, '../..'))).toEqual([]);
  });

  it('finds nothing where each package keeps to the layers below it', () => {
    add('model', { 'index.ts': "export * from './ids.ts';", 'ids.ts': "import { inspect } from 'node:util';" });
    add(
      'storage',
      {
        'log.ts':
          "import { type Clock } from '@barnabas/model';\nimport type { FileSystem } from './fs/file-system.ts';",
        'fs/node.ts': "import { open } from 'node:fs/promises';\nimport lock from 'fs-native-extensions';\nDate.now();",
      },
      ['@barnabas/model', 'fs-native-extensions'],
    );
    add('cli', { 'main.ts': "import { createServer } from 'node:http';\nsetTimeout(() => {}, 1);" });
    expect(layerViolations(root)).toEqual([]);
  });

  it.each([
    ["import { Log } from '@barnabas/storage';", 'packages/protocol/src/a.ts:1: protocol may not import storage'],
    ["import type { Log } from '@barnabas/storage';", 'packages/protocol/src/a.ts:1: protocol may not import storage'],
    ["export * from '@barnabas/storage';", 'packages/protocol/src/a.ts:1: protocol may not import storage'],
    ["const x = await import('@barnabas/storage');", 'packages/protocol/src/a.ts:1: protocol may not import storage'],
    ["import {\n  Log,\n} from '@barnabas/storage';", 'packages/protocol/src/a.ts:3: protocol may not import storage'],
    [
      "import { disk } from '@barnabas/testkit';",
      'packages/protocol/src/a.ts:1: the testkit is for tests, never for src',
    ],
    [
      "import { x } from '@barnabas/model/src/ids.ts';",
      'packages/protocol/src/a.ts:1: @barnabas/model/src/ids.ts reaches past the index of model',
    ],
    [
      "import { x } from '../../model/src/ids.ts';",
      "packages/protocol/src/a.ts:1: ../../model/src/ids.ts lies outside of the package's src",
    ],
    [
      "import { x } from '../test/x.ts';",
      "packages/protocol/src/a.ts:1: ../test/x.ts lies outside of the package's src",
    ],
    ["import 'snappy/wasm';", 'packages/protocol/src/a.ts:1: snappy is not in the dependencies of protocol'],
    [
      "createRequire(import.meta.url)('@node-rs/crc32');",
      'packages/protocol/src/a.ts:1: @node-rs/crc32 is not in the dependencies of protocol',
    ],
  ])('refuses in protocol: %s', (source, violation) => {
    add('protocol', { 'a.ts': source }, ['@barnabas/model']);
    expect(layerViolations(root)).toEqual([violation]);
  });

  it('refuses the import of a package that is allowed but not in the dependencies', () => {
    add('protocol', { 'a.ts': "import { offset } from '@barnabas/model';" });
    expect(layerViolations(root)).toEqual([
      'packages/protocol/src/a.ts:1: @barnabas/model is not in the dependencies of protocol',
    ]);
  });

  it('refuses a dependency on a package of the same layer, or on the testkit', () => {
    add('storage', { 'index.ts': '' }, ['@barnabas/zookeeper', '@barnabas/testkit']);
    expect(layerViolations(root)).toEqual([
      'packages/storage/package.json: storage may not depend on zookeeper',
      'packages/storage/package.json: storage may not depend on testkit',
    ]);
  });

  it('refuses a package that has no row', () => {
    add('misc', { 'index.ts': '' });
    expect(layerViolations(root)).toEqual(['packages/misc: the package has no row in tools/layers.ts']);
  });

  it.each([
    'node:fs',
    'node:fs/promises',
    'fs',
    'node:net',
    'node:http',
    'node:timers',
    'node:child_process',
  ])('refuses %s in a pure package, and in storage outside of its fs folder', (module) => {
    const source = `\nimport * as io from '${module}';`;
    add('coordinator', { 'group.ts': source });
    add('storage', { 'log/log.ts': source, 'fs-like.ts': source, 'fs/node.ts': source });
    expect(layerViolations(root)).toEqual([
      `packages/coordinator/src/group.ts:2: ${module} does I/O, which has no place here in coordinator`,
      `packages/storage/src/fs-like.ts:2: ${module} does I/O, which has no place here in storage`,
      `packages/storage/src/log/log.ts:2: ${module} does I/O, which has no place here in storage`,
    ]);
  });

  it('refuses a native module that does I/O outside of the fs folder', () => {
    add('storage', { 'lock.ts': "import { tryLock } from 'fs-native-extensions';" }, ['fs-native-extensions']);
    expect(layerViolations(root)).toEqual([
      'packages/storage/src/lock.ts:1: fs-native-extensions does I/O, which has no place here in storage',
    ]);
  });

  it.each([
    ['const now = Date.now();', 'Date.now'],
    ['const now = new Date();', 'new Date()'],
    ['const now = performance.now();', 'performance.now'],
    ['const seed = Math.random();', 'Math.random'],
    ['const id = randomUUID();', 'randomUUID'],
    ['setTimeout(run, 5);', 'setTimeout'],
    ['setInterval(run, 5);', 'setInterval'],
    ["fetch('http://localhost');", 'fetch'],
  ])('refuses in model: %s', (source, use) => {
    add('model', { 'a.ts': `// a line before\n${source}` });
    expect(layerViolations(root)).toEqual([`packages/model/src/a.ts:2: ${use} is not handed in through a port`]);
  });

  it('takes no word in a comment or a string for code', () => {
    add('model', {
      'a.ts': [
        "// import { open } from 'node:fs';",
        "/* import { open } from 'node:fs';\n setTimeout() */",
        "const text = 'Date.now() \\' // ';",
        'const more = `Math.random() "`;',
        'const then = new Date(0);',
      ].join('\n'),
    });
    expect(layerViolations(root)).toEqual([]);
  });
});
