import { beforeEach, describe, expect, it } from 'vitest';
import { type LaneLedger, Ledger } from '../load/ledger.ts';
import { auditPartition, type Found } from './audit.ts';

describe('auditPartition', () => {
  let ledger: Ledger;
  let lane: LaneLedger;
  /** Three records of one lane, acknowledged at 0, 1 and 2, as they should be found. */
  let records: Found[];

  beforeEach(() => {
    ledger = new Ledger('orders');
    lane = ledger.open(0, 'all/0');
    records = [0, 1, 2].map((offset) => {
      const entry = lane.next();
      entry.fate = { type: 'acknowledged', offset };
      return { offset, text: entry.text };
    });
  });

  const kinds = (found: readonly Found[]): string[] => auditPartition(ledger, 0, found).map(({ kind }) => kind);
  const text = (index: number): string => records[index]?.text ?? '';

  it('finds nothing where all is well', () => {
    expect(auditPartition(ledger, 0, records)).toEqual([]);
  });

  it('minds neither lanes of other partitions nor records of unknown fate that are not there', () => {
    ledger.open(1, 'all/0').next().fate = { type: 'acknowledged', offset: 0 };
    lane.next().fate = { type: 'unknown', why: 'time is up' };
    expect(kinds(records)).toEqual([]);
  });

  it('finds acknowledged records that are lost, at the end and before it', () => {
    expect(kinds(records.slice(0, 2))).toEqual(['lost']);
    expect(kinds([])).toEqual(['lost', 'lost', 'lost']);
    expect(
      kinds([
        { offset: 0, text: text(0) },
        { offset: 2, text: text(2) },
      ]),
    ).toEqual(['gap', 'lost']);
  });

  it('finds a record that is there twice', () => {
    expect(kinds([...records, { offset: 3, text: text(1) }])).toEqual(['duplicated']);
  });

  it('finds records in another order, and at other offsets than were acknowledged', () => {
    const swapped = [text(1), text(0), text(2)].map((it, offset) => ({ offset, text: it }));
    expect(kinds(swapped)).toEqual(['moved', 'outOfOrder']);
    const entry = lane.next();
    entry.fate = { type: 'acknowledged', offset: 4 };
    expect(kinds([...records, { offset: 3, text: entry.text }])).toEqual(['moved']);
  });

  it('does not ask for an offset that the cluster had forgotten', () => {
    const entry = lane.next();
    entry.fate = { type: 'acknowledged', offset: undefined };
    expect(kinds([...records, { offset: 3, text: entry.text }])).toEqual([]);
  });

  it('finds records that were refused, or that nobody has sent here', () => {
    const refused = lane.next();
    refused.fate = { type: 'refused', why: 'no' };
    const stranger = ledger.open(1, 'all/1').next();
    const both = [refused, stranger].map((entry, index) => ({ offset: 3 + index, text: entry.text }));
    expect(kinds([...records, ...both])).toEqual(['uninvited', 'uninvited']);
  });

  it('finds a record that is not as it was sent', () => {
    const [first, ...rest] = records;
    expect(kinds([{ offset: 0, text: `${first?.text}1` }, ...rest])).toEqual(['garbled', 'lost']);
    const other = new Ledger('orders').open(0, 'all/0').next();
    expect(kinds([{ offset: 0, text: other.text }, ...rest])).toEqual(['garbled']);
  });
});
