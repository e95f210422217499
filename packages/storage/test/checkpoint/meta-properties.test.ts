import { brokerId } from '@barnabas/model';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import {
  formatMetaProperties,
  parseMetaProperties,
  readMetaProperties,
  writeMetaProperties,
} from '../../src/checkpoint/meta-properties.ts';
import { goldenFile, goldenFiles } from '../golden-partitions.ts';
import { expectNoCrash, FILE, malformed } from './parse-failure.ts';

const PATH = '/data/meta.properties';
const CLUSTER_ID = 'FmGHe7kwRFOa3HFOEU3YLA';
const WRITTEN_MS = Date.UTC(2026, 10, 1, 3, 4, 5);

describe("Kafka's meta.properties", () => {
  it('are written back as the same bytes, with the time of their comment', () => {
    const paths = goldenFiles('{cluster,unclean,compaction}/**/meta.properties');
    expect(paths.length).toBeGreaterThan(30);
    for (const path of paths) {
      const text = goldenFile(path).toString('latin1');
      const { brokerId: id, clusterId } = parseMetaProperties(text, path);
      if (id === undefined || clusterId === undefined) throw new Error(`${path} lacks an id`);
      const writtenMs = Date.parse(text.split('\n')[1]?.slice(1) ?? '');
      expect(formatMetaProperties({ brokerId: id, clusterId }, writtenMs).toString('latin1'), path).toBe(text);
    }
  });
});

describe('formatMetaProperties', () => {
  it('dates the file as Java does, with two digits for the day', () => {
    const text = formatMetaProperties({ brokerId: brokerId(7), clusterId: CLUSTER_ID }, WRITTEN_MS).toString();
    expect(text).toBe(`#\n#Sun Nov 01 03:04:05 UTC 2026\nbroker.id=7\nversion=0\ncluster.id=FmGHe7kwRFOa3HFOEU3YLA\n`);
  });

  it('escapes what Java properties need escaped', () => {
    const clusterId = ' a=b:c#d\\ é€';
    const bytes = formatMetaProperties({ brokerId: brokerId(7), clusterId }, WRITTEN_MS);
    expect(parseMetaProperties(bytes.toString('latin1'), FILE).clusterId).toBe(clusterId);
  });
});

describe('readMetaProperties', () => {
  it('answers what was written, and undefined for a missing file', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/data');
    const properties = { brokerId: brokerId(7), clusterId: CLUSTER_ID };
    expect(await readMetaProperties(disk.newProcess(), PATH)).toBeUndefined();
    await writeMetaProperties(disk.newProcess(), PATH, properties, WRITTEN_MS);
    expect(await readMetaProperties(disk.newProcess(), PATH)).toEqual(properties);
  });
});

describe('parseMetaProperties', () => {
  it('passes over keys it does not need, and takes any form of properties', () => {
    const text = `! by hand\r\nversion : 0\r\ndirectory.id=abc\r\ncluster.id \\\r\n  c1\r\nbroker.id 3`;
    expect(parseMetaProperties(text, FILE)).toEqual({ brokerId: 3, clusterId: 'c1' });
  });

  it('does without the ids, which early versions left out', () => {
    expect(parseMetaProperties('version=0\n', FILE)).toEqual({ brokerId: undefined, clusterId: undefined });
  });

  it.each([
    ['#\nbroker.id=1\n', 3, 'no version'],
    ['#\nversion=1\nnode.id=1\n', 2, 'the version is 1'],
    ['version=0\nbroker.id=-1\n', 2, 'broker.id'],
    ['version=0\nbroker.id=one\n', 2, 'broker.id'],
    ['version=0\nbroker.id=2147483648\n', 2, 'broker.id'],
    ['version=0\nbroker.id=\n', 2, 'broker.id'],
    ['version=0\ncluster.id=\\u00e9\\u12\n', 2, 'unicode'],
  ])('refuses %j at line %i', (text, line, reason) => {
    const error = malformed(() => parseMetaProperties(text, FILE));
    expect(error).toMatchObject({ file: FILE, position: { line } });
    expect(error.reason).toContain(reason);
  });

  it('never breaks on random or changed bytes', () => {
    const good = formatMetaProperties({ brokerId: brokerId(7), clusterId: 'é'.repeat(5) }, WRITTEN_MS);
    expectNoCrash(good, (bytes, file) => parseMetaProperties(bytes.toString('latin1'), file));
  });
});
