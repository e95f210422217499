import { othersShare } from './machine.ts';

/** Something to measure: one call is one round. */
export type Contender = () => Promise<unknown>;
type Rounds<Contenders extends Record<string, Contender>> = {
  readonly [Name in keyof Contenders]: Awaited<ReturnType<Contenders[Name]>>[];
};

/** A round in which other processes had more of the machine than this is taken again. */
const QUIET_SHARE = 0.1;

/**
 * Runs the contenders in alternation, so that what the machine does meanwhile falls on all of them: once each to warm up,
 * then `rounds` times, each round beginning with another one. Rounds that other processes disturbed are taken again, up to
 * `most` in all; the quietest ones count, whatever they gave. Answers what each contender gave, round by round.
 */
export const alternate = async <Contenders extends Record<string, Contender>>(
  contenders: Contenders,
  rounds: number,
  most = 2 * rounds,
): Promise<Rounds<Contenders>> => {
  const names = Object.keys(contenders);
  for (const name of names) await contenders[name]?.();
  const taken: { share: number; results: Map<string, unknown> }[] = [];
  const quiet = (): number => taken.filter(({ share }) => share <= QUIET_SHARE).length;
  while (taken.length < most && quiet() < rounds) {
    const results = new Map<string, unknown>();
    const share = await othersShare(async () => {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(taken.length + turn) % names.length] as string;
        results.set(name, await contenders[name]?.());
      }
    });
    taken.push({ share, results });
  }
  const counted = taken.sort((a, b) => a.share - b.share).slice(0, rounds);
  return Object.fromEntries(
    names.map((name) => [name, counted.map(({ results }) => results.get(name))]),
  ) as Rounds<Contenders>;
};

/** The ratio of two contenders, round by round: what was measured close together is compared. */
export const ratios = (mine: readonly number[], limit: readonly number[]): number[] =>
  mine.map((value, round) => value / (limit[round] ?? Number.NaN));
