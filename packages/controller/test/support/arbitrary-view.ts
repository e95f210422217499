import { type BrokerId, brokerId, leaderEpoch, offset, partitionEpoch } from '@barnabas/model';
import * as fc from 'fast-check';
import type { OfflineElectionOptions } from '../../src/election/elect-for-offline.ts';
import type { LogEnd } from '../../src/election/election.ts';
import type { PartitionView } from '../../src/election/partition-view.ts';

const BROKERS = [0, 1, 2, 3, 4, 5].map(brokerId);

/** A partition as a controller may find it: the leader in the ISR, the ISR among the replicas; anyone gone or marked. */
export const arbitraryView: fc.Arbitrary<PartitionView> = fc
  .shuffledSubarray(BROKERS, { minLength: 1, maxLength: 5 })
  .chain((assignment) =>
    fc.record({ assignment: fc.constant(assignment), isr: fc.shuffledSubarray(assignment, { minLength: 1 }) }),
  )
  .chain(({ assignment, isr }) =>
    fc.record({
      assignment: fc.constant(assignment),
      current: fc.record({
        leader: fc.constantFrom(...isr, undefined),
        leaderEpoch: fc.nat(100).map(leaderEpoch),
        isr: fc.constant(isr),
        isRecovering: fc.boolean(),
        partitionEpoch: fc.nat(100).map(partitionEpoch),
      }),
      presence: fc.array(fc.constantFrom('live', 'live', 'live', 'shuttingDown', 'failed', 'gone'), {
        minLength: 6,
        maxLength: 6,
      }),
      marked: fc.subarray(BROKERS).map((ids) => new Set(ids)),
    }),
  )
  .map(({ presence, ...rest }) => ({
    ...rest,
    live: new Set(BROKERS.filter((id) => presence[id] === 'live')),
    shuttingDown: new Set(BROKERS.filter((id) => presence[id] === 'shuttingDown')),
    failed: new Set(BROKERS.filter((id) => presence[id] === 'failed')),
  }));

const arbitraryLogEnd: fc.Arbitrary<LogEnd> = fc.record({
  lastEpoch: fc.nat(2).map(leaderEpoch),
  endOffset: fc.nat(3).map(offset),
});

export const arbitraryOptions: fc.Arbitrary<OfflineElectionOptions> = fc.record({
  allowUnclean: fc.boolean(),
  logEnds: fc
    .array(fc.tuple(fc.constantFrom(...BROKERS), arbitraryLogEnd), { maxLength: 12 })
    .map((entries) => new Map<BrokerId, LogEnd>(entries)),
});

export const CLEAN: OfflineElectionOptions = { allowUnclean: false, logEnds: new Map() };
export const UNCLEAN: OfflineElectionOptions = { allowUnclean: true, logEnds: new Map() };
