import { OPEN_ACL, type Request } from '@barnabas/zookeeper';
import fc, { type Arbitrary } from 'fast-check';
import { type Reattachment, ROOT, SLOTS, type Step } from '../step.ts';
import type { Surroundings } from '../surroundings.ts';
import { CREDENTIALS } from './acls.ts';
import { read, watching } from './reads.ts';
import { writeFor, writeInBurstFor } from './writes.ts';

const LENGTH_MIN = 5;

const slot = fc.nat({ max: SLOTS - 1 });

/** A server answers it out of turn, which is why it is sent alone. */
const auth: Arbitrary<Request> = fc.record({
  op: fc.constant('auth'),
  scheme: fc.oneof({ weight: 12, arbitrary: fc.constant('digest') }, fc.constantFrom('ip', 'world', 'unknown')),
  auth: fc.constantFrom(...CREDENTIALS).map((text) => Buffer.from(text)),
});

const reattachment = fc.constantFrom<Reattachment>('right', 'right', 'right', 'wrong password', 'ahead', 'old client');

const UNKNOWN_OP_CODES = [0, 10, 99, 2 ** 31 - 1];

const requestWith = (write: Arbitrary<Request>): Arbitrary<Request> =>
  fc.oneof({ weight: 26, arbitrary: write }, { weight: 12, arbitrary: read }, { weight: 4, arbitrary: watching });

const stepFor = (surroundings: Surroundings): Arbitrary<Step> => {
  const request = requestWith(writeFor(surroundings));
  const requests = fc.array(requestWith(writeInBurstFor(surroundings)), { minLength: 2, maxLength: 6 });
  const timeoutMs = fc.constantFrom(...surroundings.sessionTimeoutsMs);
  const opCode = fc.constantFrom(...UNKNOWN_OP_CODES);
  return fc.oneof<{ arbitrary: Arbitrary<Step>; weight: number }[]>(
    { weight: 180, arbitrary: fc.record({ do: fc.constant('request'), slot, request }) },
    { weight: 12, arbitrary: fc.record({ do: fc.constant('request'), slot, request: auth }) },
    { weight: 18, arbitrary: fc.record({ do: fc.constant('burst'), slot, requests }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('close', 'cut'), slot }) },
    { weight: 9, arbitrary: fc.record({ do: fc.constant('reattach'), slot, how: reattachment }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('open'), slot, timeoutMs }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('unknown'), slot, opCode }) },
    ...surroundings.extraSteps,
  );
};

/** So that there is something to work on. */
const FIRST_STEPS = ['/a', '/b', '/a/x', '/a/y'].map(
  (path): Step => ({
    do: 'request',
    slot: 0,
    request: { op: 'create', path: `${ROOT}${path}`, data: null, acl: OPEN_ACL, flags: 0 },
  }),
);

export const sequences = (surroundings: Surroundings, lengthMax: number): Arbitrary<Step[]> =>
  fc
    .tuple(
      fc.subarray(FIRST_STEPS),
      fc.array(stepFor(surroundings), { minLength: LENGTH_MIN, maxLength: lengthMax, size: 'max' }),
    )
    .map(([first, rest]) => [...first, ...rest]);
