import { seededRandom } from '@barnabas/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameOf, parentPath } from '../../../src/operation/path.ts';
import { digestIdentity } from '../../../src/server/engine/digest-scheme.ts';
import type { NodeRecord, TreeImage } from '../../../src/txn/tree-image.ts';
import { EngineClient } from '../../support/engine/engine-client.ts';
import { contentsOf, EngineFixture } from '../../support/engine/engine-fixture.ts';
import { randomRequest } from '../../support/engine/random-request.ts';

const SUPER = 'super:secret';
const CLIENTS = 3;
const STEPS = 150;

/** A fixture whose engine has done what chance has asked it for, and the clients that asked. */
function wildEngine(seed: number): { fixture: EngineFixture; clients: EngineClient[] } {
  const random = seededRandom(seed);
  const fixture = new EngineFixture({ superDigest: digestIdentity(Buffer.from(SUPER)).id });
  const clients = Array.from({ length: CLIENTS }, () => fixture.connected());
  for (let step = 0; step < STEPS; step++) {
    const index = random.below(CLIENTS);
    const client = clients[index] ?? fixture.connected();
    const deed = random.below(40);
    if (deed === 0) fixture.clock.advanceBy(random.below(6000));
    else if (deed === 1) fixture.engine.expireSessions();
    else if (deed === 2) fixture.engine.reapContainers();
    else if (deed === 3) client.connection.lost();
    else if (deed === 4) client.connection.unimplemented(step);
    else if (deed === 5) clients[index] = reconnected(fixture, client);
    else client.connection.request(step, randomRequest(random));
    if (clients[index]?.isClosed === true) clients[index] = fixture.connected();
  }
  return { fixture, clients };
}

function reconnected({ engine }: EngineFixture, before: EngineClient): EngineClient {
  const { session } = before;
  const client = new EngineClient(engine);
  client.connect(session);
  return client;
}

/** Fails where the image is no tree, or its ephemeral znodes belong to sessions that are over. */
function expectTree({ nodes, sessions, lastZxid }: TreeImage): void {
  const seen = new Map<string, NodeRecord>();
  for (const [path, node] of nodes) {
    if (path !== '/') expect(seen.has(parentPath(path)), `${path} has a parent before it`).toBe(true);
    seen.set(path, node);
    expect(node.czxid).toBeLessThanOrEqual(lastZxid);
    if (node.ephemeralOwner > 0n) expect(sessions.has(node.ephemeralOwner), `the owner of ${path}`).toBe(true);
  }
}

const forEverySeed = (property: (seed: number) => void) =>
  fc.assert(fc.property(fc.integer(), property), { numRuns: 60 });

describe('whatever is asked for', () => {
  it('leaves a tree, in which parents know their children and sessions their znodes', () => {
    forEverySeed((seed) => {
      const { fixture } = wildEngine(seed);
      const image = fixture.engine.image();
      expectTree(image);
      const { nodes } = contentsOf(image);
      const reader = fixture.connected();
      reader.ask({ op: 'auth', scheme: 'digest', auth: Buffer.from(SUPER) }, -4);
      for (const path of nodes.keys()) {
        const { children } = reader.get({ op: 'getChildren', path, watch: false });
        const below = [...nodes.keys()].filter((child) => child !== '/' && parentPath(child) === path);
        expect([...children].sort()).toEqual(below.map(nameOf).sort());
      }
      const ephemerals = [...nodes.values()].filter(({ ephemeralOwner }) => ephemeralOwner > 0n);
      expect(fixture.engine.statistics()).toMatchObject({ ephemerals: ephemerals.length, znodes: nodes.size + 1 });
    });
  });

  it('is the same again when the journal is replayed, onto nothing or onto an image on the way', () => {
    forEverySeed((seed) => {
      const { fixture } = wildEngine(seed);
      const txns = [...fixture.journal];
      const before = contentsOf(fixture.engine.image());
      fixture.restart(new EngineFixture().engine.image(), txns);
      expect(contentsOf(fixture.engine.image())).toEqual(before);
      fixture.restart({ ...before, lastZxid: Math.floor(before.lastZxid / 2), nodes: before.nodes }, txns);
      expect(contentsOf(fixture.engine.image())).toEqual(before);
    });
  });

  it('is answered the same when it is asked for again', () => {
    forEverySeed((seed) => {
      const [once, again] = [wildEngine(seed), wildEngine(seed)];
      expect(again.fixture.journal).toEqual(once.fixture.journal);
      expect(again.clients.map(({ peer }) => peer.told)).toEqual(once.clients.map(({ peer }) => peer.told));
    });
  });

  it('leaves no watch of those who are gone', () => {
    forEverySeed((seed) => {
      const { fixture, clients } = wildEngine(seed);
      for (const { connection } of clients) connection.lost();
      expect(fixture.engine.statistics()).toMatchObject({
        watches: 0,
        dataWatches: { connections: 0, paths: 0, total: 0 },
      });
    });
  });

  it('gives each transaction the next zxid', () => {
    forEverySeed((seed) => {
      const { fixture } = wildEngine(seed);
      expect(fixture.journal.map(({ header }) => header.zxid)).toEqual(fixture.journal.map((_, index) => index + 1));
    });
  });
});
