import type { Random } from '@barnabas/model';
import type { RecordHeader, RecordInput } from '@barnabas/protocol';
import { pick } from '@barnabas/testkit';

const NOT_UTF_8 = Buffer.from('fffe', 'hex');

const KEYS = [null, Buffer.alloc(0), Buffer.from('key'), Buffer.from('ключ'), Buffer.from('日本語 🔑'), NOT_UTF_8];

const HEADERS: readonly (readonly RecordHeader[])[] = [
  [],
  [{ key: 'h', value: Buffer.from('v') }],
  [{ key: '', value: Buffer.alloc(0) }],
  [{ key: 'größe-日本', value: null }],
  [
    { key: 'twice', value: Buffer.from('1') },
    { key: 'twice', value: Buffer.from('2') },
  ],
];

const WORDS = [
  'plain',
  'naïve',
  'Ωmega',
  '日本語',
  'emoji😀',
  'a longer piece of text that repeats',
  'again and again',
];

const textOf = (random: Random, name: string): Buffer | null => {
  const kind = random.below(8);
  if (kind === 0) return null;
  if (kind === 1) return Buffer.alloc(0);
  if (kind === 2) return NOT_UTF_8;
  return Buffer.from([name, ...Array.from({ length: random.below(6) }, () => pick(random, WORDS))].join(' '));
};

/** Makes records of all shapes, the same ones for the same seed. */
export class RecordSource {
  readonly #random: Random;
  #timestamp: number;
  #count = 0;

  /** @param fromMs timestamps rise from here, with steps back inside of a batch */
  constructor(random: Random, fromMs: number) {
    this.#random = random;
    this.#timestamp = fromMs;
  }

  /** The records of a batch. */
  batch(count = 1 + this.#random.below(6)): RecordInput[] {
    this.#timestamp += 50 + this.#random.below(400);
    return Array.from({ length: count }, () => ({
      timestamp: this.#timestamp - this.#random.below(40),
      key: pick(this.#random, KEYS),
      value: textOf(this.#random, `v${this.#count++}`),
      headers: pick(this.#random, HEADERS),
    }));
  }

  /** A time after all records so far. */
  get nowMs(): number {
    return this.#timestamp;
  }
}
