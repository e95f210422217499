import type { AddWatchMode, ReadOp, Request, WatcherType } from '@barnabas/zookeeper';
import fc, { type Arbitrary } from 'fast-check';
import { node, nodeOrRoot, nodesOrRoot } from './paths.ts';

const watch = fc.boolean();
const getData = fc.record({ op: fc.constant('getData'), path: nodeOrRoot, watch });
const getChildren = fc.record({ op: fc.constant('getChildren'), path: nodeOrRoot, watch });

/** Requests that change nothing but watches. */
export const read: Arbitrary<Request> = fc.oneof<{ arbitrary: Arbitrary<Request>; weight: number }[]>(
  { weight: 3, arbitrary: getData },
  { weight: 2, arbitrary: getChildren },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('exists', 'getChildren2'), path: nodeOrRoot, watch }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constantFrom('getACL', 'sync', 'getAllChildrenNumber'), path: nodeOrRoot }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('getEphemerals'), prefix: fc.oneof(node, fc.constant('/')) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('multiRead'),
      ops: fc.array(fc.oneof<Arbitrary<ReadOp>[]>(getData, getChildren), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Request>({ op: 'whoAmI' }) },
);

const watcherType = fc.constantFrom<WatcherType>('children', 'data', 'any', 'persistent', 'persistentRecursive');
const addWatchMode = fc.constantFrom<AddWatchMode>('persistent', 'persistentRecursive');

/** Requests that are about watches alone. */
export const watching: Arbitrary<Request> = fc.oneof<{ arbitrary: Arbitrary<Request>; weight: number }[]>(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('addWatch'), path: nodeOrRoot, mode: addWatchMode }) },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constantFrom('removeWatches', 'checkWatches'),
      path: nodeOrRoot,
      type: watcherType,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('setWatches', 'setWatches2'),
      relativeZxid: fc.nat({ max: 12 }),
      dataWatches: nodesOrRoot,
      existWatches: nodesOrRoot,
      childWatches: nodesOrRoot,
      persistentWatches: nodesOrRoot,
      persistentRecursiveWatches: nodesOrRoot,
    }),
  },
);
