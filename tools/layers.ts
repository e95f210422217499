/**
 * Guards the layers: reads what each package imports, and refuses what the table below does not allow. A package may use
 * those in layers below it, never one beside or above; it uses others through their index; time, timers, chance and the
 * outside world come in through ports, so that a whole cluster can run simulated. Run by `make layers`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { ambientUsesIn, type Found, importsIn } from './source-scan.ts';

type Rule = {
  readonly mayImport: readonly string[];
  /** Folders of `src` in which Node's I/O, clock, timers and chance may be used: '' is all of it. */
  readonly ioIn: readonly string[];
};

const PURE: readonly string[] = [];
const ANYWHERE = [''];
const SERVER_PARTS = ['model', 'protocol', 'storage', 'zookeeper', 'transport', 'coordinator', 'controller'];

const RULES: Readonly<Record<string, Rule>> = {
  model: { mayImport: [], ioIn: PURE },
  protocol: { mayImport: ['model'], ioIn: PURE },
  storage: { mayImport: ['model', 'protocol'], ioIn: ['fs'] },
  zookeeper: { mayImport: ['model'], ioIn: ANYWHERE },
  transport: { mayImport: ['model', 'protocol'], ioIn: ANYWHERE },
  coordinator: { mayImport: ['model', 'protocol'], ioIn: PURE },
  controller: { mayImport: ['model', 'protocol', 'zookeeper', 'transport'], ioIn: PURE },
  client: { mayImport: ['model', 'protocol', 'transport'], ioIn: ANYWHERE },
  broker: { mayImport: SERVER_PARTS, ioIn: ['kafka', 'rest', 'server'] },
  connect: { mayImport: ['model', 'protocol', 'client'], ioIn: ANYWHERE },
  streams: { mayImport: ['model', 'protocol', 'client'], ioIn: ANYWHERE },
  cli: { mayImport: [...SERVER_PARTS, 'client', 'broker', 'connect', 'streams'], ioIn: ANYWHERE },
  console: { mayImport: [], ioIn: ANYWHERE },
  testkit: { mayImport: [...SERVER_PARTS, 'client', 'broker'], ioIn: PURE },
};

/** Modules of Node that only compute or load code; every other one reaches outside of the program. */
const COMPUTING = ['assert', 'buffer', 'crypto', 'events', 'module', 'path', 'string_decoder', 'url', 'util', 'zlib'];
/** Modules of others that do I/O. */
const FOREIGN_IO = ['fs-native-extensions'];

const SCOPE = '@barnabas/';

/** What breaks the rules in the tree at `root`, as lines to print; empty where nothing does. */
export function layerViolations(root: string): string[] {
  const packages = join(root, 'packages');
  return readdirSync(packages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => violationsOfPackage(root, name));
}

function violationsOfPackage(root: string, name: string): string[] {
  const rule = RULES[name];
  const folder = join(root, 'packages', name);
  if (rule === undefined) return [`packages/${name}: the package has no row in tools/layers.ts`];
  const manifest = readManifest(join(folder, 'package.json'));
  const fromManifest = manifest.own
    .filter((other) => !rule.mayImport.includes(other))
    .map((other) => `packages/${name}/package.json: ${name} may not depend on ${other}`);
  return [
    ...fromManifest,
    ...sourceFiles(join(folder, 'src')).flatMap((file) => violationsOfFile(root, name, file, manifest)),
  ];
}

/** The names in `dependencies`: those of our packages without their scope, and all. */
type Manifest = { readonly own: readonly string[]; readonly all: readonly string[] };

function readManifest(path: string): Manifest {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(readFileSync(path, 'utf8'));
  const all = Object.keys(dependencies);
  return { all, own: all.filter((name) => name.startsWith(SCOPE)).map((name) => name.slice(SCOPE.length)) };
}

function sourceFiles(src: string): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function violationsOfFile(root: string, name: string, file: string, manifest: Manifest): string[] {
  const rule = RULES[name];
  const src = join(root, 'packages', name, 'src');
  const source = readFileSync(file, 'utf8');
  const ioAllowed = rule?.ioIn.some((folder) => isInside(join(src, folder), file)) ?? false;
  const problems: [Found, string | undefined][] = [
    ...importsIn(source).map((found): [Found, string | undefined] => [
      found,
      found.what.startsWith('.')
        ? problemOfRelative(src, file, found.what)
        : problemOfModule(name, found.what, manifest, ioAllowed || found.isOfTypes),
    ]),
    ...(ioAllowed ? [] : ambientUsesIn(source)).map((found): [Found, string] => [
      found,
      `${found.what} is not handed in through a port`,
    ]),
  ];
  return problems
    .filter(([, problem]) => problem !== undefined)
    .map(([{ line }, problem]) => `${relative(root, file)}:${line}: ${problem}`);
}

function problemOfRelative(src: string, file: string, what: string): string | undefined {
  return isInside(src, resolve(dirname(file), what)) ? undefined : `${what} lies outside of the package's src`;
}

function problemOfModule(name: string, what: string, manifest: Manifest, ioAllowed: boolean): string | undefined {
  if (what.startsWith(SCOPE)) return problemOfOwn(name, what.slice(SCOPE.length), manifest);
  const bare = what.replace(/^node:/, '');
  const module = moduleOf(bare);
  const isNodes = what.startsWith('node:') || builtinModules.includes(bare);
  if (!isNodes && !manifest.all.includes(module)) return `${module} is not in the dependencies of ${name}`;
  const doesIo = isNodes ? !COMPUTING.includes(bare) : FOREIGN_IO.includes(module);
  return doesIo && !ioAllowed ? `${what} does I/O, which has no place here in ${name}` : undefined;
}

function problemOfOwn(name: string, other: string, manifest: Manifest): string | undefined {
  const [target = '', ...rest] = other.split('/');
  if (target === 'testkit') return 'the testkit is for tests, never for src';
  if (!RULES[name]?.mayImport.includes(target)) return `${name} may not import ${target}`;
  if (rest.length > 0) return `${SCOPE}${other} reaches past the index of ${target}`;
  return manifest.own.includes(target) ? undefined : `${SCOPE}${target} is not in the dependencies of ${name}`;
}

/** `@scope/name/file` -> `@scope/name`, `name/file` -> `name`. */
function moduleOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

if (import.meta.main) {
  const violations = layerViolations(resolve(import.meta.dirname, '..'));
  for (const violation of violations) console.error(violation);
  if (violations.length > 0) process.exitCode = 1;
}
