import type { Door } from '../door/door.ts';

/** How long somebody waits. */
export type Patience = {
  /** By the steady clock. */
  readonly untilMs: number;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
};

/** From now on `timeoutMs` long. */
export const patienceOf = ({ clock }: Pick<Door, 'clock'>, timeoutMs: number, signal: AbortSignal): Patience => ({
  untilMs: clock.steadyMs() + timeoutMs,
  signal,
});
