import type { Target } from '../../support/zookeeper/attach.ts';
import { versionOf } from '../../support/zookeeper/four-letter-word.ts';
import { commonGround } from './common-ground.ts';
import { replay } from './replay.ts';
import type { Step } from './step.ts';
import { differenceOf } from './transcript.ts';

/** A real server and another one that nobody else uses: what is compared are also their zxids, which count all that happens to them. */
export class Comparison {
  readonly #real: Target;
  readonly #other: Target;
  readonly #adapt: ReturnType<typeof commonGround>;
  #runs = 0;

  private constructor(real: Target, other: Target, realVersion: string) {
    this.#real = real;
    this.#other = other;
    this.#adapt = commonGround(realVersion);
  }

  /** Rejects where the real one is of a version that the other is not like. */
  static async of(real: Target, other: Target): Promise<Comparison> {
    return new Comparison(real, other, await versionOf(real.host, real.port));
  }

  /** Runs the steps on both, below a root of their own; rejects with the transcript where the two differ. */
  async run(wanted: readonly Step[]): Promise<void> {
    const steps = this.#adapt(wanted);
    const root = `/run-${this.#runs++}`;
    const [real, other] = await Promise.all([replay(this.#real, root, steps), replay(this.#other, root, steps)]);
    const difference = differenceOf(real, other);
    if (difference !== undefined) throw new Error(`the two servers differ:\n${difference}`);
  }
}
