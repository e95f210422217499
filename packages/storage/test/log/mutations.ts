import * as fc from 'fast-check';

/** The files of a directory, by name. */
export type Files = ReadonlyMap<string, Buffer>;
export type Mutation = (files: Files) => Files;

/** Changes one file of those that are there. */
const changing =
  (which: number, change: (bytes: Buffer) => Buffer): Mutation =>
  (files) => {
    const entry = [...files][which % Math.max(1, files.size)];
    return entry === undefined ? files : new Map([...files, [entry[0], change(entry[1])]]);
  };

const overwrite = (bytes: Buffer, at: number, by: Uint8Array): Buffer => {
  const start = at % (bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + by.length)]).subarray(0, bytes.length);
};

const file = fc.nat(200);
const place = fc.nat(3000);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 12 });
/** Numbers that lengths, counts and offsets do not take well. */
const number = fc.constantFrom('7fffffff', 'ffffffff', '80000000', '00000000', '7fffffffffffffff', '001fffffffffffff');

/** One damage to one file, or to two. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(file, place, fc.nat(7))
    .map(([which, at, bit]) =>
      changing(which, (old) =>
        old.length === 0
          ? old
          : overwrite(old, at % Math.max(1, old.length), Uint8Array.of((old[at % old.length] ?? 0) ^ (1 << bit))),
      ),
    ),
  fc.tuple(file, place, bytes).map(([which, at, by]) => changing(which, (old) => overwrite(old, at, by))),
  fc
    .tuple(file, place, number)
    .map(([which, at, hex]) => changing(which, (old) => overwrite(old, at, Buffer.from(hex, 'hex')))),
  fc.tuple(file, place).map(([which, at]) => changing(which, (old) => old.subarray(0, at % (old.length + 1)))),
  fc.tuple(file, place).map(([which, at]) => changing(which, (old) => old.subarray(at % (old.length + 1)))),
  fc.tuple(file, place, bytes).map(([which, at, by]) =>
    changing(which, (old) => {
      const start = at % (old.length + 1);
      return Buffer.concat([old.subarray(0, start), by, old.subarray(start)]);
    }),
  ),
  fc
    .tuple(file, fc.nat(5000))
    .map(([which, size]) => changing(which, (old) => Buffer.concat([old, Buffer.alloc(size)]))),
  fc.tuple(file, fc.uint8Array({ maxLength: 300 })).map(([which, by]) => changing(which, () => Buffer.from(by))),
  file.map(
    (which): Mutation =>
      (files) =>
        new Map([...files].filter((_, index) => index !== which % files.size)),
  ),
  fc.tuple(file, file).map(
    ([from, to]): Mutation =>
      (files) => {
        const all = [...files];
        const [source, target] = [all[from % all.length], all[to % all.length]];
        return source === undefined || target === undefined ? files : new Map([...files, [target[0], source[1]]]);
      },
  ),
  fc
    .tuple(
      file,
      fc.nat(60),
      fc.constantFrom('.log', '.index', '.timeindex', '.txnindex', '.snapshot', '.log.swap', '.log.cleaned'),
    )
    .map(
      ([which, base, suffix]): Mutation =>
        (files) => {
          const source = [...files][which % Math.max(1, files.size)];
          const name = `${String(base).padStart(20, '0')}${suffix}`;
          return source === undefined ? files : new Map([...files, [name, source[1]]]);
        },
    ),
);
