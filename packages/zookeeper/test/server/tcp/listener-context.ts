import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { ClientListener } from '../../../src/server/tcp/client-listener.ts';
import type { Said } from '../../../src/server/tcp/client-output.ts';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS } from '../../../src/server/tcp/connection-limits.ts';
import { OutputGate } from '../../../src/server/tcp/output-gate.ts';
import { Traffic } from '../../../src/server/tcp/traffic.ts';
import { FakeEngine } from '../../support/server/fake-engine.ts';
import { LogLines } from '../../support/server/log-lines.ts';

export type ListenerContext = Awaited<ReturnType<typeof openListener>>;

/** A listener on real sockets, with an engine, a disk and a clock that a test plays. */
export async function openListener(limits: Partial<ConnectionLimits> = {}, maxPerAddress = 0) {
  const clock = new SimulatedClock();
  const failures: unknown[] = [];
  const parts = {
    engine: new FakeEngine(),
    gate: new OutputGate<Said>(),
    traffic: new Traffic(),
    clock,
    scheduler: new SimulatedScheduler(clock),
    logger: new LogLines(),
  };
  const listener = await ClientListener.listen({ host: '127.0.0.1', port: 0 }, maxPerAddress, {
    ...parts,
    limits: { ...DEFAULT_CONNECTION_LIMITS, ...limits },
    isWord: (word) => word === 'ruok',
    answerTo: (word) => `answer to ${word}`,
    failed: (error) => void failures.push(error),
  });
  return { ...parts, failures, listener, port: listener.port };
}
