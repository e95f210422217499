import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { type ConnectOptions, connectSession } from '../../src/session/connect-session.ts';
import type { StateEvent, ZooKeeperSession } from '../../src/session/session.ts';
import { linksOf, ScriptedLink } from './scripted-link.ts';

export type ScriptedSession = {
  readonly clock: SimulatedClock;
  readonly scheduler: SimulatedScheduler;
  readonly link: ScriptedLink;
  readonly session: ZooKeeperSession;
  /** The changes of state, each with its time. */
  readonly states: readonly string[];
  readonly uncaught: readonly unknown[];
};

/**
 * A session over a `ScriptedLink`, connected at time 0 with a timeout of 9 s.
 *
 * @param answerOpening answers what is asked before there is a session, with a chroot
 */
export async function scriptedSession(
  options: Partial<ConnectOptions> = {},
  answerOpening: (link: ScriptedLink) => void = () => {},
): Promise<ScriptedSession> {
  const clock = new SimulatedClock();
  const scheduler = new SimulatedScheduler(clock);
  const link = new ScriptedLink();
  const uncaught: unknown[] = [];
  const connecting = connectSession(
    {
      clock,
      scheduler,
      links: linksOf(link),
      ensemble: 'zk1:2181',
      chroot: '/',
      timeoutMs: 9000,
      connectDeadlineMs: 9000,
      onUncaught: (error) => uncaught.push(error),
      ...options,
    },
    1,
  );
  link.connect(0);
  await settled();
  answerOpening(link);
  const session = await connecting;
  const states: string[] = [];
  session.onState(({ state }: StateEvent) => states.push(`${state} ${clock.steadyMs()}`));
  return { clock, scheduler, link, session, states, uncaught };
}

/** Lets all promises go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
