import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatTopicPartition } from '@barnabas/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { GROUP } from './support/contents/consumer-offsets.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import type { ToolRun } from './support/java-tool.ts';
import { dumpLogLine } from './support/kafka-text.ts';
import { KafkaTools } from './support/kafka-tools.ts';
import { LogDirectories, type Written } from './support/log-directories.ts';
import { OFFSETS_TOPIC, openOurs, TOPIC } from './support/ours.ts';

const BARNABAS = resolve(import.meta.dirname, '../../packages/cli/bin/barnabas.js');
const GOLDEN = resolve(import.meta.dirname, '../golden');
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;

let tools: KafkaTools;
let directories: LogDirectories;
let written: Written[];

/** The files of a directory, segment by segment, as the tool wants them. */
const filesIn = (cwd: string, pattern: string): string[] => globSync(pattern, { cwd }).sort();

/** As it is for a segment that holds less than the interval between two entries. */
const isEmptyIndex = (cwd: string, file: string): boolean =>
  file.endsWith('.index') && statSync(join(cwd, file)).size === 0;

/** Kafka's tool and ours on the same files; they have to say the same. */
const dumpBoth = async (cwd: string, ...args: readonly (string | string[])[]): Promise<ToolRun> => {
  const given = args.map((arg) => (typeof arg === 'string' ? arg : arg.join(',')));
  const kafka = await tools.dumpLog(given, cwd);
  const { status, stdout } = spawnSync(process.execPath, [BARNABAS, 'dump-log', ...given], {
    cwd,
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  expect(status).toBe(kafka.status);
  expect(stdout).toBe(kafka.stdout);
  return kafka;
};

/** What the tool says of the files of each partition. */
const linesByPartition = (text: string): Map<string, string[]> => {
  const partitions = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const partition = /^Dumping (.+)\/[^/]+$/.exec(line)?.[1];
    if (partition === undefined) lines.push(line);
    else {
      lines = partitions.get(partition) ?? [];
      partitions.set(partition, lines);
    }
  }
  return partitions;
};

describeWithKafka("Kafka's DumpLogSegments, and `barnabas dump-log` with the same text", () => {
  beforeAll(async () => {
    tools = new KafkaTools(await kafkaClassPath());
    directories = new LogDirectories();
    written = await directories.makeClean('closed');
    // A writer that is killed has written the same before.
    await directories.makeKilled('recovered');
    const { manager } = await openOurs(directories.pathOf('recovered'), directories.nowMs);
    await manager.close();
  });
  afterAll(() => directories?.remove());

  describe.each(['closed', 'recovered'])('on a directory that we have %s', (name) => {
    it('find every batch sound, and every record as it was written', async () => {
      const cwd = directories.pathOf(name);
      const files = filesIn(cwd, `${TOPIC}-*/*.log`);
      const { status, stdout, stderr } = await dumpBoth(cwd, '--deep-iteration', '--print-data-log', '--files', files);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const lines = linesByPartition(stdout);
      for (const { topicPartition, records } of written.filter(({ topicPartition: { topic } }) => topic === TOPIC)) {
        const said = lines.get(formatTopicPartition(topicPartition)) ?? [];
        const batches = said.filter((line) => line.startsWith('baseOffset: '));
        expect(batches.filter((line) => !line.endsWith(' isvalid: true'))).toEqual([]);
        expect(said.filter((line) => line.startsWith('| '))).toEqual(records.map(dumpLogLine));
        const others = said.filter((line) => !/^(baseOffset: |\| |Log starting offset: \d+$)/.test(line));
        expect(others, 'complaints').toEqual([]);
      }
    });

    it('find that the indexes agree with the segments', async () => {
      const cwd = directories.pathOf(name);
      const files = filesIn(cwd, '*/*.{index,timeindex}');
      const { status, stdout, stderr } = await dumpBoth(cwd, '--verify-index-only', '--files', files);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe(
        files.map((file) => `Dumping ${file}\n${isEmptyIndex(cwd, file) ? `${file} is empty.\n` : ''}`).join(''),
      );
    });

    it('find that the indexes pass the sanity check, and that there are many entries', async () => {
      const cwd = directories.pathOf(name);
      const files = filesIn(cwd, '*/*.{index,timeindex}');
      const sane = await dumpBoth(cwd, '--index-sanity-check', '--files', files);
      expect(sane.stderr).toBe('');
      expect(sane.stdout).toBe(
        files
          .map((file) => `Dumping ${file}\n${file} ${isEmptyIndex(cwd, file) ? 'is empty' : 'passed sanity check'}.\n`)
          .join(''),
      );
      const { stdout } = await dumpBoth(cwd, '--files', files);
      expect(stdout.match(/^offset: \d+ position: \d+$/gm)?.length).toBeGreaterThan(150);
      expect(stdout.match(/^timestamp: \d+ offset: \d+$/gm)?.length).toBeGreaterThan(150);
    });

    it('find aborted transactions and producers', async () => {
      const cwd = directories.pathOf(name);
      const files = filesIn(cwd, '*/*.{txnindex,snapshot}');
      const { status, stdout, stderr } = await dumpBoth(cwd, '--files', files);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const aborts = written.flatMap(({ records }) => records.filter(({ marker }) => marker?.kind === 'abort'));
      expect(stdout.match(/^version: 0 producerId: /gm)?.length).toBe(aborts.length);
      expect(stdout).toMatch(/^producerId: 4003 .*currentTxnFirstOffset: OptionalLong.empty .*lastSequence: 27 /m);
      expect(stdout).toMatch(/^producerId: 5003 .*currentTxnFirstOffset: OptionalLong\[\d+\] /m);
    });

    it('find the offsets of a consumer group', async () => {
      const cwd = directories.pathOf(name);
      const files = filesIn(cwd, `${OFFSETS_TOPIC}-*/*.log`);
      const { status, stdout, stderr } = await dumpBoth(cwd, '--offsets-decoder', '--files', files);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const group = stdout.split('\n').filter((line) => line.includes(GROUP));
      const offsets = written.find(({ topicPartition: { topic } }) => topic === OFFSETS_TOPIC);
      expect(group).toHaveLength(offsets?.records.length ?? 0);
    });
  });

  it('have the same to say on the golden segments', async () => {
    const files = filesIn(GOLDEN, 'cluster/broker-1/data-*/*/*.log');
    await dumpBoth(GOLDEN, '--deep-iteration', '--print-data-log', '--files', files);
  });

  it('have the same to say on the golden indexes and snapshots', async () => {
    const files = filesIn(GOLDEN, 'cluster/broker-1/data-*/*/*.{index,timeindex,txnindex,snapshot}');
    await dumpBoth(GOLDEN, '--files', files);
  });
});
