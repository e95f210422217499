import { CREATE_FLAGS, type CreateRequest, type MultiOp, type Request } from '@barnabas/zookeeper';
import fc, { type Arbitrary } from 'fast-check';
import { SEEN_VERSION } from '../step.ts';
import { HOUR_MS, type Surroundings } from '../surroundings.ts';
import { acl } from './acls.ts';
import { node, nodeOrRoot, sequencePrefix } from './paths.ts';

const data = fc.constantFrom(null, '', '1', 'two', 'größe').map((text) => (text === null ? null : Buffer.from(text)));

const version = fc.oneof(
  { weight: 6, arbitrary: fc.constant(-1) },
  { weight: 4, arbitrary: fc.constant(SEEN_VERSION) },
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 2) },
  { weight: 1, arbitrary: fc.constantFrom(-2, 2 ** 31 - 1) },
);

const { persistent, ephemeral, persistentSequential, ephemeralSequential, container } = CREATE_FLAGS;
const { persistentWithTtl, persistentSequentialWithTtl } = CREATE_FLAGS;

const plain: Arbitrary<CreateRequest> = fc.record({
  op: fc.constantFrom('create', 'create2'),
  path: node,
  data,
  acl,
  flags: fc.constantFrom(persistent, persistent, ephemeral),
});

const sequential: Arbitrary<CreateRequest> = fc.record({
  op: fc.constantFrom('create', 'create2'),
  path: sequencePrefix,
  data,
  acl,
  flags: fc.constantFrom(persistentSequential, ephemeralSequential),
});

const withTtl = (ttlsMs: readonly number[]): Arbitrary<CreateRequest> =>
  fc.record({
    op: fc.constant('createTTL'),
    path: fc.oneof(node, sequencePrefix),
    data,
    acl,
    flags: fc.constantFrom(persistentWithTtl, persistentSequentialWithTtl),
    ttlMs: fc.constantFrom(...ttlsMs),
  });

const ofContainer: Arbitrary<CreateRequest> = fc.record({
  op: fc.constant('createContainer'),
  path: node,
  data,
  acl,
  flags: fc.constant(container),
});

/** Kinds and flags that do not go together. The TTL is no negative one: a real server dies of that. */
const odd: Arbitrary<CreateRequest> = fc.record({
  op: fc.constantFrom('create', 'create2', 'createContainer', 'createTTL'),
  path: node,
  data,
  acl,
  flags: fc.integer({ min: -1, max: 8 }),
  ttlMs: fc.constantFrom(HOUR_MS, 0),
});

const soundCreate = ({ containers, ttlsMs }: Surroundings): Arbitrary<CreateRequest> =>
  fc.oneof(
    { weight: 30, arbitrary: plain },
    { weight: 12, arbitrary: sequential },
    { weight: 4, arbitrary: withTtl(ttlsMs) },
    { weight: containers ? 4 : 0, arbitrary: ofContainer },
  );

const anyCreate = (surroundings: Surroundings): Arbitrary<CreateRequest> =>
  fc.oneof(
    { weight: 40, arbitrary: soundCreate(surroundings) },
    { weight: surroundings.containers ? 1 : 0, arbitrary: odd },
  );

const deletion = fc.record({ op: fc.constant('delete'), path: node, version });
const setData = fc.record({ op: fc.constant('setData'), path: nodeOrRoot, data, version });
const check = fc.record({ op: fc.constant('check'), path: nodeOrRoot, version });
const setAcl: Arbitrary<Request> = fc.record({ op: fc.constant('setACL'), path: node, acl, version });

const multiOf = (create: Arbitrary<CreateRequest>): Arbitrary<Request> => {
  const op = fc.oneof<{ arbitrary: Arbitrary<MultiOp>; weight: number }[]>(
    { weight: 4, arbitrary: create },
    { weight: 2, arbitrary: deletion },
    { weight: 3, arbitrary: setData },
    { weight: 2, arbitrary: check },
  );
  return fc.record({ op: fc.constant('multi'), ops: fc.array(op, { maxLength: 5 }) });
};

/** Requests that change something, or fail to. */
export const writeFor = (surroundings: Surroundings): Arbitrary<Request> =>
  fc.oneof<{ arbitrary: Arbitrary<Request>; weight: number }[]>(
    { weight: 14, arbitrary: anyCreate(surroundings) },
    { weight: 4, arbitrary: deletion },
    { weight: 4, arbitrary: setData },
    { weight: 2, arbitrary: setAcl },
    { weight: 5, arbitrary: multiOf(anyCreate(surroundings)) },
  );

/**
 * Those that may be sent together with others. What a real server makes of others that follow is chance: it judges them by
 * the old ACL or by the new one, and by what the first half of a transaction did that it then found it could not read.
 */
export const writeInBurstFor = (surroundings: Surroundings): Arbitrary<Request> =>
  fc.oneof<{ arbitrary: Arbitrary<Request>; weight: number }[]>(
    { weight: 14, arbitrary: anyCreate(surroundings) },
    { weight: 4, arbitrary: deletion },
    { weight: 4, arbitrary: setData },
    { weight: 5, arbitrary: multiOf(soundCreate(surroundings)) },
  );
