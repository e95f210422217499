import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { UncleanReplicas } from '../../src/election/unclean-replicas.ts';
import { idSet } from '../support/views.ts';

const P0 = { topic: 't', partition: 0 };
const P1 = { topic: 't', partition: 1 };

describe('UncleanReplicas', () => {
  it('knows the marked replicas of each partition, until each is trusted by itself', () => {
    const replicas = new UncleanReplicas();
    replicas.mark(brokerId(1), [P0, P1]);
    replicas.mark(brokerId(2), [P1]);
    expect([replicas.of(P0), replicas.of(P1)]).toEqual([idSet(1), idSet(1, 2)]);
    replicas.trust(brokerId(1), P1);
    expect([replicas.of(P0), replicas.of(P1)]).toEqual([idSet(1), idSet(2)]);
  });

  it('forgets a partition that is deleted, and knows nothing of others', () => {
    const replicas = new UncleanReplicas();
    replicas.mark(brokerId(1), [P0]);
    replicas.forget(P0);
    expect([replicas.of(P0), replicas.of(P1)]).toEqual([idSet(), idSet()]);
  });
});
