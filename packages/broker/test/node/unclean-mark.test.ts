import { brokerId, leaderEpoch, offset, partitionEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { type ClusterImage, type ClusterPartition, EMPTY_CLUSTER } from '../../src/cluster/cluster-image.ts';
import { mayLackAcknowledged, UncleanMark } from '../../src/node/unclean-mark.ts';

const ID = brokerId(1);
const OTHER = brokerId(2);

const imageOf = (given: Partial<ClusterPartition>): ClusterImage => {
  const partition = {
    leader: OTHER,
    leaderEpoch: leaderEpoch(0),
    partitionEpoch: partitionEpoch(0),
    isr: [OTHER],
    replicas: [ID, OTHER],
    offlineReplicas: [],
    ...given,
  };
  return {
    ...EMPTY_CLUSTER,
    brokers: new Map([[ID, { id: ID, endpoints: [], rack: undefined }]]),
    topics: new Map([['t', { name: 't', topicId: undefined, partitions: new Map([[0, partition]]) }]]),
  };
};

const dir = (given: object) => ({ path: '/a', wasClean: false, cuts: [], unusable: new Map(), missing: [], ...given });
const CUT = { file: 'f', position: 0, endOffset: offset(0), lostBytes: 1, reason: 'torn' };

describe('UncleanMark', () => {
  it('is lifted once the broker is out of the ISRs, and then but once', () => {
    const mark = new UncleanMark(ID, true);
    expect(mark.liftIfDealtWith(imageOf({}))).toBe(true);
    expect(mark.isSet).toBe(false);
    expect(mark.liftIfDealtWith(imageOf({}))).toBe(false);
  });

  it('stays while a partition without a leader counts on the broker', () => {
    const mark = new UncleanMark(ID, true);
    expect(mark.liftIfDealtWith(imageOf({ leader: undefined, isr: [ID, OTHER] }))).toBe(false);
    expect(mark.isSet).toBe(true);
  });

  it('is lifted where a leader was chosen though the broker is in the ISR', () => {
    expect(new UncleanMark(ID, true).liftIfDealtWith(imageOf({ leader: ID, isr: [ID] }))).toBe(true);
  });

  it('stays while the controller does not know of the broker', () => {
    expect(new UncleanMark(ID, true).liftIfDealtWith(EMPTY_CLUSTER)).toBe(false);
  });
});

describe('mayLackAcknowledged', () => {
  const lacks = (given: object, flushMode: 'group' | 'os', newDirs: string[] = []) =>
    mayLackAcknowledged({ dirs: [dir(given)], failures: [] }, flushMode, new Set(newDirs));

  it('holds after an unclean stop where the page cache was trusted', () => {
    expect(lacks({}, 'os')).toBe(true);
    expect(lacks({ wasClean: true }, 'os')).toBe(false);
  });

  it('does not hold after an unclean stop where all was flushed, unless a tail was torn', () => {
    expect(lacks({}, 'group')).toBe(false);
    expect(lacks({ cuts: [CUT] }, 'group')).toBe(true);
  });

  it('holds for a directory that may have been emptied', () => {
    expect(lacks({}, 'group', ['/a'])).toBe(true);
  });

  it('holds where a log is damaged or missing or a directory cannot be used, however cleanly it stopped', () => {
    expect(lacks({ wasClean: true, missing: ['t-0'] }, 'group')).toBe(true);
    expect(lacks({ wasClean: true, unusable: new Map([['t-0', {}]]) }, 'group')).toBe(true);
    const failures = [new Error('gone')];
    expect(mayLackAcknowledged({ dirs: [dir({ wasClean: true })], failures }, 'group', new Set())).toBe(true);
  });
});
