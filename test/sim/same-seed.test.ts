import { expect, it } from 'vitest';
import { runInProcess } from './seed-processes.ts';

const SEEDS = { from: 1001, to: 1008 };

/** Every message with its bytes, every operation of a disk, every transaction of ZooKeeper, and every decision goes into it. */
it('the same seed is the same run, to the last event, whatever ran before in the process', async () => {
  const { from, to } = SEEDS;
  const [together, ...alone] = await Promise.all([
    runInProcess(from, to),
    runInProcess(from, from),
    runInProcess(to, to),
  ]);
  const again = await runInProcess(from, to);
  const digests = (results: readonly { readonly digest: string }[]) => results.map(({ digest }) => digest);
  expect(digests(again)).toEqual(digests(together));
  expect(alone.flatMap(digests)).toEqual([digests(together)[0], digests(together).at(-1)]);
  expect(new Set(digests(together)).size).toBe(together.length);
}, 120_000);
