import fc, { type Arbitrary } from 'fast-check';
import { ROOT, SLOTS, type Step } from './step.ts';

/** What sequences may do depends on what their servers do by themselves. */
export type Surroundings = {
  /** Whether containers may be made and left: a server that reaps would take them at any time. */
  readonly containers: boolean;
  readonly ttlsMs: readonly number[];
  /** That clients ask for; none is to be so short that the session ends by itself. */
  readonly sessionTimeoutsMs: readonly number[];
  /** Steps beside those that every sequence has. */
  readonly extraSteps: readonly { readonly weight: number; readonly arbitrary: Arbitrary<Step> }[];
};

export const HOUR_MS = 3_600_000;
/** The most that fits into an ephemeral owner. */
const TTL_MS_MAX = 2 ** 40 - 1;

/** No container and no znode with a TTL is reaped, and no session asks for less than the server's least timeout. */
export const QUIET: Surroundings = {
  containers: true,
  ttlsMs: [HOUR_MS, 1, 0, -1, TTL_MS_MAX, TTL_MS_MAX + 1],
  sessionTimeoutsMs: [30_000, HOUR_MS, 0, -1],
  extraSteps: [],
};

const slot = fc.nat({ max: SLOTS - 1 });
const parent = fc.constantFrom(ROOT, ROOT, `${ROOT}/a`, `${ROOT}/b`);

/** Servers that reap often and end sessions soon: nothing may lie there for them to take but what a step waits for. */
export const LIVELY: Surroundings = {
  containers: false,
  ttlsMs: [HOUR_MS],
  sessionTimeoutsMs: [30_000],
  extraSteps: [
    { weight: 12, arbitrary: fc.record({ do: fc.constant('expire'), slot }) },
    { weight: 12, arbitrary: fc.record({ do: fc.constantFrom('emptyContainer', 'outliveTtl'), slot, parent }) },
  ],
};
