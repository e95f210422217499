/** Something in a source file, and where. */
export type Found = { readonly what: string; readonly line: number };
/** `isOfTypes`: of types alone, so that nothing of the module runs. */
export type FoundImport = Found & { readonly isOfTypes: boolean };

const COMMENT_OR_STRING = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const IMPORT_OPENINGS = [
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*/,
  /\bimport\s*\(?\s*/,
  /\bcreateRequire\([^()]*\)\s*\(\s*/,
  /\brequire\s*\(\s*/,
];
const IMPORT = new RegExp(`(?:${alternatives(IMPORT_OPENINGS)})(['"])([^'"\\n]+)\\1`, 'g');

/**
 * What reads the time, sets a timer or draws by chance without being handed a port for it. `setImmediate` is left out: it
 * waits for no time, only for its turn.
 */
const AMBIENT_USES = [
  /\bDate\.now\b/,
  /\bnew Date(?:\(\s*\)|(?!\s*\())/,
  /\bperformance\.now\b/,
  /\bprocess\.hrtime\b/,
  /\bMath\.random\b/,
  /\b(?:setTimeout|setInterval|randomBytes|randomInt|randomUUID|getRandomValues)(?=\()/,
  // Not a method of that name, called or declared.
  /(?<=[=(,?:>]\s*|\b(?:await|return|void)\s+|^)fetch(?=\()/m,
];
const AMBIENT = new RegExp(alternatives(AMBIENT_USES), 'gm');

/** The modules that `source` imports or re-exports from, types too. */
export function importsIn(source: string): FoundImport[] {
  const code = source.replaceAll(COMMENT_OR_STRING, (text) => (text.startsWith('/') ? blank(text) : text));
  return [...code.matchAll(IMPORT)].map((match) => {
    const end = match.index + match[0].length - 1;
    const isOfTypes = /^(?:import|export)\s+type\b/.test(match[0]);
    return { what: match[2] ?? '', line: lineAt(code, end), isOfTypes };
  });
}

/** Where `source` reaches for time, timers or chance by itself. */
export function ambientUsesIn(source: string): Found[] {
  const code = source.replaceAll(COMMENT_OR_STRING, blank);
  return [...code.matchAll(AMBIENT)].map((match) => ({ what: match[0], line: lineAt(code, match.index) }));
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}

function lineAt(code: string, index: number): number {
  return code.slice(0, index).split('\n').length;
}

function alternatives(forms: readonly RegExp[]): string {
  return forms.map(({ source }) => source).join('|');
}
