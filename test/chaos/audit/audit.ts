import type { LaneLedger, Ledger } from '../load/ledger.ts';
import { readPayload } from '../load/payload.ts';

/** A record as it was found. */
export type Found = { readonly offset: number; readonly text: string };

/**
 * What may be wrong with a partition: an acknowledged record that is `lost`; one that is there twice (`duplicated`), after a
 * later one of its lane (`outOfOrder`), at another offset than was acknowledged (`moved`); one that was refused or never sent
 * (`uninvited`), or is not as it was sent (`garbled`); an offset without a record (`gap`); one that somebody has read and that is
 * not there any more (`vanished`); replicas that are `different`.
 */
export type Kind =
  | 'lost'
  | 'duplicated'
  | 'outOfOrder'
  | 'moved'
  | 'uninvited'
  | 'garbled'
  | 'gap'
  | 'vanished'
  | 'different';

export type Finding = { readonly kind: Kind; readonly what: string };

/** Compares all records of a partition, in the order in which they were found, with what was sent to it. */
export function auditPartition(ledger: Ledger, partition: number, records: readonly Found[]): Finding[] {
  const lanes = new Map(Array.from(ledger.of(partition), ([producer, lane]) => [producer, new LaneAudit(lane)]));
  const findings: Finding[] = [];
  let next = 0;
  for (const record of records) {
    if (record.offset !== next) findings.push({ kind: 'gap', what: `${record.offset} follows ${next - 1}` });
    next = record.offset + 1;
    const kind = kindOf(record, lanes);
    if (kind !== undefined) findings.push({ kind, what: `${record.offset}: ${record.text}` });
  }
  for (const lane of lanes.values()) findings.push(...lane.lost());
  return findings.map(({ kind, what }) => ({ kind, what: `${ledger.topic}-${partition} ${what}` }));
}

/** What is wrong with a record, if anything is. */
function kindOf(record: Found, lanes: ReadonlyMap<string, LaneAudit>): Kind | undefined {
  const payload = readPayload(record.text);
  if (payload === undefined) return 'garbled';
  return lanes.has(payload.producer) ? lanes.get(payload.producer)?.take(payload.number, record) : 'uninvited';
}

class LaneAudit {
  readonly #ledger: LaneLedger;
  readonly #found = new Set<number>();
  #last = -1;

  constructor(ledger: LaneLedger) {
    this.#ledger = ledger;
  }

  take(number: number, { offset, text }: Found): Kind | undefined {
    const entry = this.#ledger.entries[number];
    if (entry === undefined || entry.fate.type === 'refused') return 'uninvited';
    if (this.#found.has(number)) return 'duplicated';
    this.#found.add(number);
    const isLate = number < this.#last;
    this.#last = Math.max(this.#last, number);
    if (entry.text !== text) return 'garbled';
    if (isLate) return 'outOfOrder';
    return entry.fate.type === 'acknowledged' && (entry.fate.offset ?? offset) !== offset ? 'moved' : undefined;
  }

  lost(): Finding[] {
    return this.#ledger.entries.flatMap(({ fate, text }, number): Finding[] => {
      if (fate.type !== 'acknowledged' || this.#found.has(number)) return [];
      return [{ kind: 'lost', what: `${fate.offset}: ${text}` }];
    });
  }
}
