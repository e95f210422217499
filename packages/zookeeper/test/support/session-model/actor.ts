import type { Random } from '@barnabas/model';
import { chance, pick } from '@barnabas/testkit';
import type { Stat } from '../../../src/operation/stat.ts';
import type { CallOptions, DirtyEvent, TransactionOp, ZooKeeperSession } from '../../../src/session/session.ts';
import { ZooKeeperError } from '../../../src/session/zookeeper-error.ts';
import { SessionRecord, type WatchRecord, type WriteRecord } from './session-record.ts';

const PATHS = ['/a', '/b', '/c', '/a/1', '/a/2', '/b/1'];
/** Each transaction writes it, so that the journal tells of that transaction; it has to be there. */
export const MARKER = '/marker';
const MODES = ['persistent', 'ephemeral', 'persistentSequential', 'ephemeralSequential'] as const;
/** Errors that the session itself may come to. */
const OWN_ERRORS: ReadonlySet<string> = new Set([
  'CONNECTION_LOSS',
  'SESSION_EXPIRED',
  'OPERATION_TIMEOUT',
  'THROTTLED_OP',
]);

/** What a read came to. */
type Shown = Stat | { readonly stat: Stat } | undefined;

/** Uses one session after the other at random, never waiting for an answer, and notes what they say. */
export class Actor {
  readonly records: SessionRecord[] = [];
  readonly #name: string;
  readonly #random: Random;
  readonly #journalLength: () => number;
  #tokens = 0;

  constructor(name: string, random: Random, journalLength: () => number) {
    this.#name = name;
    this.#random = random;
    this.#journalLength = journalLength;
  }

  begin(session: ZooKeeperSession): void {
    this.records.push(new SessionRecord(session));
  }

  /** Makes some calls on the last session. */
  act(): void {
    const record = this.records.at(-1);
    if (record === undefined) return;
    const calls = chance(this.#random, 0.05) ? 50 : 1 + this.#random.below(3);
    for (let call = 0; call < calls; call++) this.#call(record);
    if (chance(this.#random, 0.002)) void record.session.close();
  }

  #call(record: SessionRecord): void {
    const { session } = record;
    const path = pick(this.#random, PATHS);
    const options: CallOptions = chance(this.#random, 0.1) ? { deadlineMs: this.#random.below(20) } : {};
    const write = pick(this.#random, [
      (data: Uint8Array) => session.set(path, data, -1, options),
      (data: Uint8Array) => session.set(MARKER, data, -1, options),
      (data: Uint8Array) => session.create(path, data, { ...options, mode: pick(this.#random, MODES) }),
      (data: Uint8Array) => session.multi(deletion(path, data), options),
    ]);
    if (chance(this.#random, 0.5)) this.#write(record, write);
    else this.#read(record, path, options);
  }

  #write(record: SessionRecord, call: (data: Uint8Array) => Promise<unknown>): void {
    const write: WriteRecord = { token: `${this.#name}-${this.#tokens++}`, outcome: 'pending' };
    record.writes.push(write);
    this.#settle(
      record,
      call(Buffer.from(write.token)),
      () => {
        write.outcome = 'done';
      },
      (error) => {
        write.outcome = error.outcome;
      },
    );
  }

  #read(record: SessionRecord, path: string, deadline: CallOptions): void {
    const { session } = record;
    const op = pick(this.#random, ['get', 'exists', 'children'] as const);
    const kind = op === 'children' ? 'children' : 'data';
    const calledAt = this.#journalLength();
    const watch: WatchRecord = { kind, path, calledAt, armedAt: undefined, seenZxid: undefined, fired: [] };
    const options = chance(this.#random, 0.7) ? { ...deadline, watch: firing(record, watch) } : deadline;
    const call: Promise<Shown> = session[op](path, options);
    this.#settle(record, call, (shown) => {
      const stat = shown !== undefined && 'stat' in shown ? shown.stat : shown;
      const zxid = kind === 'data' ? stat?.mzxid : stat?.pzxid;
      record.shows(kind, path, zxid);
      if (!('watch' in options)) return;
      watch.armedAt = this.#journalLength();
      watch.seenZxid = zxid;
      record.watches.push(watch);
    });
  }

  /** Hears of it as the first, so that the order of what it notes is that of the answers. */
  #settle<T>(
    record: SessionRecord,
    call: Promise<T>,
    done: (value: T) => void,
    failed: (error: ZooKeeperError) => void = () => {},
  ): void {
    const sequence = record.nextSequence();
    record.pending++;
    call.then(
      (value) => {
        record.pending--;
        record.answered.push(sequence);
        done(value);
      },
      (error: unknown) => {
        record.pending--;
        if (!(error instanceof ZooKeeperError)) throw error;
        if (!OWN_ERRORS.has(error.code)) record.answered.push(sequence);
        failed(error);
      },
    );
  }
}

function deletion(path: string, data: Uint8Array): TransactionOp[] {
  return [
    { type: 'set', path: MARKER, data, version: -1 },
    { type: 'delete', path, version: -1 },
  ];
}

function firing(record: SessionRecord, watch: WatchRecord): (event: DirtyEvent) => void {
  return ({ path, reason, generation }) => {
    watch.fired.push(reason);
    if (record.isLost) record.violations.push(`a watch of ${path} fired after LOST`);
    if (path !== watch.path) record.violations.push(`a watch of ${watch.path} fired for ${path}`);
    if (generation !== record.session.generation) record.violations.push(`it fired with generation ${generation}`);
    if (watch.armedAt === undefined) record.violations.push(`a watch of ${path} fired before its read was answered`);
  };
}
