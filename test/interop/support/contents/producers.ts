import { producerId } from '@barnabas/model';
import type { Scribe } from '../scribe.ts';
import type { Content } from './content.ts';
import type { RecordSource } from './records.ts';

const idempotent: Content = {
  name: 'idempotent producers',
  fill: async (scribe, source) => {
    const ada = { producerId: producerId(4001), producerEpoch: 0 };
    const bob = { producerId: producerId(4002), producerEpoch: 7 };
    for (let count = 0; count < 12; count++) {
      await scribe.appendOf(ada, { records: source.batch() });
      const again = { records: source.batch(), ...bob };
      const first = await scribe.appendOf(bob, again);
      const baseSequence = scribe.records.find(({ offset }) => offset === first.firstOffset)?.sequence ?? -1;
      const second = await scribe.append({ ...again, baseSequence });
      if (!second.duplicate || second.firstOffset !== first.firstOffset) throw new Error('it was sent before');
    }
    for (let count = 0; count < 8; count++) {
      await scribe.appendOf({ ...ada, producerEpoch: 1 }, { codec: 'lz4', records: source.batch() });
    }
    // Beyond the largest sequence number comes 0, here within a batch.
    const cyd = { producerId: producerId(4003), producerEpoch: 0 };
    await scribe.appendOf(cyd, { baseSequence: 2 ** 31 - 5, records: source.batch(3) });
    for (let count = 0; count < 6; count++) await scribe.appendOf(cyd, { records: source.batch(5) });
  },
};

const ANN = { producerId: producerId(5001), producerEpoch: 0 };
const BEN = { producerId: producerId(5002), producerEpoch: 3 };
const CAT = { producerId: producerId(5003), producerEpoch: 0 };

const send = async (scribe: Scribe, source: RecordSource, producer: typeof ANN): Promise<void> => {
  await scribe.appendOf(producer, { transactional: true, records: source.batch() });
};

const transactional: Content = {
  name: 'transactions',
  config: { segmentBytes: 1201 },
  fill: async (scribe, source) => {
    for (let round = 0; round < 7; round++) {
      await send(scribe, source, ANN);
      await send(scribe, source, BEN);
      await scribe.append({ records: source.batch() });
      await scribe.end(round % 2 === 0 ? 'abort' : 'commit', BEN, source.nowMs);
      await send(scribe, source, ANN);
      await scribe.end(round % 3 === 0 ? 'commit' : 'abort', ANN, source.nowMs);
    }
    await send(scribe, source, BEN);
    await send(scribe, source, CAT);
    await scribe.end('commit', BEN, source.nowMs);
    await scribe.append({ records: source.batch() });
  },
};

/** No transaction is open, so that all of it can be read. */
const committed: Content = {
  name: 'transactions that have all ended',
  config: { segmentBytes: 1201 },
  fill: async (scribe, source) => {
    for (let round = 0; round < 8; round++) {
      await send(scribe, source, ANN);
      await send(scribe, source, CAT);
      await scribe.end(round % 2 === 0 ? 'commit' : 'abort', ANN, source.nowMs);
      await scribe.end(round % 3 === 0 ? 'abort' : 'commit', CAT, source.nowMs);
    }
  },
};

/** Aborted transactions are cut off, and one that had ended is open again. */
const cutOff: Content = {
  name: 'transactions, truncated',
  config: { segmentBytes: 1201 },
  fill: async (scribe, source) => {
    let end = scribe.log.endOffset;
    for (let round = 0; round < 8; round++) {
      await send(scribe, source, ANN);
      if (round === 5) end = scribe.log.endOffset;
      await scribe.end(round < 2 ? 'commit' : 'abort', ANN, source.nowMs);
    }
    await scribe.truncateTo(end);
    await send(scribe, source, CAT);
    await scribe.end('abort', CAT, source.nowMs);
  },
};

export const PRODUCER_CONTENTS: readonly Content[] = [idempotent, transactional, committed, cutOff];
