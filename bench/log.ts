/** Measures the log against the raw disk; see README.md. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureAppends } from './log/append.ts';
import { measureMemory } from './log/memory.ts';
import { measureOpening } from './log/opening.ts';
import { measureReads } from './log/read.ts';
import { measureRecovery } from './log/recovery.ts';
import { SCALES } from './log/scale.ts';
import { othersShare, printMachine } from './support/machine.ts';
import { percent } from './support/table.ts';

const PARTS = {
  append: measureAppends,
  read: measureReads,
  opening: measureOpening,
  memory: measureMemory,
  recovery: measureRecovery,
};

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: join(dirname(fileURLToPath(import.meta.url)), '../.cache') },
    quick: { type: 'boolean', default: false },
    tiny: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});
const scale = SCALES[values.tiny ? 'tiny' : values.quick ? 'quick' : 'full'];

mkdirSync(values.dir, { recursive: true });
/** Says afterwards how much of the machine others had: figures of a busy one are worth little. */
const part = async (measure: (typeof PARTS)[keyof typeof PARTS]): Promise<void> => {
  const share = await othersShare(() => measure(dir, scale));
  console.log(`\nOther processes, those that the bench has started among them, had ${percent(share)} of the cores.`);
};

const dir = mkdtempSync(join(values.dir, 'bench-'));
const startMs = performance.now();
try {
  printMachine(dir);
  for (const [name, measure] of Object.entries(PARTS)) {
    if (values.only === undefined || values.only.includes(name)) await part(measure);
  }
  console.log(`\nTook ${Math.round((performance.now() - startMs) / 1000)} s.`);
} finally {
  rmSync(dir, { recursive: true });
}
