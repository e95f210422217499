/** Which names a broker's properties may have, and what this build makes of each. */
import { BROKER_ROWS, type ConfigRow, LOG_ROWS, USELESS_PROPERTIES } from '@barnabas/model';

const ROWS: readonly ConfigRow<unknown>[] = Object.values({ ...LOG_ROWS, ...BROKER_ROWS });
const ROWS_BY_NAME = new Map(ROWS.flatMap((row) => row.broker.map(({ name }) => [name, row] as const)));

/** Every name that is known. */
export const NAMES: readonly string[] = [...ROWS_BY_NAME.keys(), ...USELESS_PROPERTIES.keys()];

/** `listener.name.<listener>.<property>`: a property for one listener alone. */
const OF_ONE_LISTENER = /^listener\.name\.[^.]+\../;

export type Knowledge =
  | { readonly kind: 'honoured' | 'ignored' }
  /** Known, and `reason` says why it is of no use here. */
  | { readonly kind: 'useless'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly nearest: string | undefined };

export function knowledgeOf(name: string): Knowledge {
  const row = ROWS_BY_NAME.get(name);
  if (row !== undefined) return { kind: row.honoured ? 'honoured' : 'ignored' };
  const reason = USELESS_PROPERTIES.get(name);
  if (reason !== undefined) return { kind: 'useless', reason };
  if (OF_ONE_LISTENER.test(name)) return { kind: 'ignored' };
  return { kind: 'unknown', nearest: nearestName(name) };
}

/** The other names of the same property. */
export function namesBeside(name: string): readonly string[] {
  const names = ROWS_BY_NAME.get(name)?.broker.map((other) => other.name) ?? [];
  return names.filter((other) => other !== name);
}

/** The known name that is the fewest changes of a letter away, if they are few. */
function nearestName(name: string): string | undefined {
  const limit = Math.max(2, Math.floor(name.length / 5));
  const distances = NAMES.map((known) => ({ known, distance: changesBetween(name, known) }));
  const nearest = distances.reduce((best, next) => (next.distance < best.distance ? next : best));
  return nearest.distance <= limit ? nearest.known : undefined;
}

/** How many letters have to be added, removed or replaced (Levenshtein). */
function changesBetween(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
