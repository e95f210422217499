import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GOLDEN = join(import.meta.dirname, '../../../../test/golden');

export type GoldenZnode = { readonly path: string; readonly data: string | null };

type GoldenOp = { readonly op: string; readonly path?: string; readonly data?: string | null };
export type GoldenTxn = GoldenOp & {
  readonly phase: string;
  readonly failed?: true;
  readonly ops?: readonly GoldenOp[];
};

const TREES = ['znodes.json', 'znodes-broker-down.json', 'znodes-after-shutdown.json'];

/** The znodes of the trees that Kafka left, all of them. */
export function goldenTrees(): GoldenZnode[] {
  return TREES.flatMap((file) => JSON.parse(readGolden(file)) as GoldenZnode[]);
}

/** What Kafka wrote, transaction by transaction. */
export function goldenTxns(): GoldenTxn[] {
  return linesOf('znodes-startup.ndjson') as GoldenTxn[];
}

/** What the transactions that were done have set, singly or in a multi. A broker's znode is created empty, then set. */
export function goldenWrites(): GoldenZnode[] {
  return goldenTxns()
    .filter(({ failed }) => failed === undefined)
    .flatMap((txn): readonly GoldenOp[] => txn.ops ?? [txn])
    .filter(({ op }) => op === 'create' || op === 'setData')
    .map(({ path = '', data = null }) => ({ path, data }))
    .filter(({ path, data }) => data !== null || !path.startsWith('/brokers/ids/'));
}

export type Encoding<Facts> = { readonly facts: Facts; readonly text: string };

/** What Kafka's own encoder makes of given facts. */
export function encodingsOf<Facts>(znode: string): Encoding<Facts>[] {
  const all = linesOf('znode-encodings.ndjson') as (Encoding<Facts> & { readonly znode: string })[];
  const found = all.filter((line) => line.znode === znode);
  if (found.length === 0) throw new Error(`no encoding of a ${znode} is in the golden data`);
  return found;
}

function linesOf(file: string): unknown[] {
  return readGolden(file)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function readGolden(file: string): string {
  return readFileSync(join(GOLDEN, file), 'utf8');
}
