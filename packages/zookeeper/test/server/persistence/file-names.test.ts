import { describe, expect, it } from 'vitest';
import {
  isTemporarySnapshot,
  temporarySnapshotName,
  zxidFileName,
  zxidFiles,
} from '../../../src/server/persistence/file-names.ts';

describe('zxidFiles', () => {
  it('finds the files of one kind in order of their numbers, not of their names', () => {
    const names = ['log.10', 'snapshot.5', 'log.9', 'log.a', 'log.100000001'];
    expect(zxidFiles('log', names)).toEqual([
      { name: 'log.9', zxid: 9 },
      { name: 'log.a', zxid: 10 },
      { name: 'log.10', zxid: 16 },
      { name: 'log.100000001', zxid: 2 ** 32 + 1 },
    ]);
  });

  it.each([
    'log',
    'log.',
    'log.g',
    'log.1.bak',
    'log.-1',
    'xlog.1',
    'log.ffffffffffffffff',
    'log.0x1',
    'acceptedEpoch',
  ])('leaves out %s', (name) => {
    expect(zxidFiles('log', [name])).toEqual([]);
  });

  it('reads what it writes', () => {
    for (const zxid of [0, 1, 255, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const name = zxidFileName('snapshot', zxid);
      expect(zxidFiles('snapshot', [name])).toEqual([{ name, zxid }]);
    }
  });

  it('does not take a snapshot that is being written for one, nor would ZooKeeper', () => {
    const name = temporarySnapshotName(5);
    expect(zxidFiles('snapshot', [name])).toEqual([]);
    expect(name.split('.')[0]).not.toBe('snapshot');
    expect(isTemporarySnapshot(name)).toBe(true);
    expect(isTemporarySnapshot('snapshot.5')).toBe(false);
  });
});
