import { leaderEpoch, offset } from '@barnabas/model';
import { CODECS, type Codec } from '@barnabas/protocol';
import type { Content } from './content.ts';

const LARGE_VALUE_BYTES = 150_000;

const ofCodec = (codec: Codec): Content => ({
  name: codec,
  fill: async (scribe, source) => {
    // Compressed batches are smaller, so that it takes more of them to fill some segments.
    for (let count = 0; count < 45; count++) await scribe.append({ codec, records: source.batch() });
  },
});

/** Values of several blocks, where a codec has blocks. */
const large: Content = {
  name: 'large values',
  config: { segmentBytes: 460_001 },
  fill: async (scribe, source) => {
    for (const codec of CODECS) {
      const records = source.batch(3).map((record, index) => ({
        ...record,
        value: Buffer.alloc(LARGE_VALUE_BYTES + index, `${codec} ${index} `),
      }));
      await scribe.append({ codec, records });
    }
  },
};

const logAppendTime: Content = {
  name: 'log append time',
  config: { messageTimestampType: 'LogAppendTime' },
  fill: async (scribe, source) => {
    for (let count = 0; count < 30; count++) {
      scribe.clock.advanceBy(count % 3);
      await scribe.append({ codec: count % 2 === 0 ? 'none' : 'zstd', records: source.batch() });
    }
  },
};

const epochs: Content = {
  name: 'leader epochs',
  fill: async (scribe, source) => {
    for (const [epoch, batches] of [
      [0, 6],
      [1, 3],
      [4, 0],
      [5, 12],
      [9, 1],
    ] as const) {
      await scribe.lead(leaderEpoch(epoch));
      for (let count = 0; count < batches; count++) await scribe.append({ records: source.batch() });
    }
  },
};

const truncated: Content = {
  name: 'truncated and written on',
  fill: async (scribe, source) => {
    const ends = [];
    for (let count = 0; count < 40; count++) ends.push((await scribe.append({ records: source.batch() })).lastOffset);
    await scribe.truncateTo(offset((ends[24] ?? 0) + 1));
    await scribe.lead(leaderEpoch(2));
    for (let count = 0; count < 10; count++) await scribe.append({ records: source.batch() });
  },
};

const deletedBefore: Content = {
  name: 'log start moved up',
  fill: async (scribe, source) => {
    for (let count = 0; count < 40; count++) await scribe.append({ records: source.batch() });
    await scribe.deleteBefore(offset(Math.floor(scribe.log.endOffset / 2)));
    for (let count = 0; count < 5; count++) await scribe.append({ records: source.batch() });
  },
};

const empty: Content = { name: 'empty', fill: async () => {} };

export const PLAIN_CONTENTS: readonly Content[] = [
  ...CODECS.map(ofCodec),
  large,
  logAppendTime,
  epochs,
  truncated,
  deletedBefore,
  empty,
];
