import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { formatTopicPartition, leaderEpoch, type Offset } from '@barnabas/model';
import { RECOVERY_POINT_CHECKPOINT } from '@barnabas/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import type { KafkaBroker } from './support/kafka-broker.ts';
import { KAFKA_EPOCH, KafkaCluster } from './support/kafka-cluster.ts';
import { consumerLine } from './support/kafka-text.ts';
import { KafkaTools } from './support/kafka-tools.ts';
import { LogDirectories, type Written } from './support/log-directories.ts';
import { openOurs, TOPIC } from './support/ours.ts';

/**
 * The files of a partition's directory with their bytes, without those that are of no use any more: Kafka removes
 * segments that were to be deleted, and snapshots from before the log's start, as soon as it opens a log.
 */
const filesOf = (dir: string, startOffset: Offset): Map<string, Buffer> =>
  new Map(
    readdirSync(dir)
      .filter((name) => !name.endsWith('.deleted'))
      .filter((name) => !name.endsWith('.snapshot') || Number.parseInt(name, 10) > startOffset)
      .map((name) => [name, readFileSync(join(dir, name))]),
  );

describeWithKafka('A directory whose writer was killed, and Kafka', () => {
  let classPath: string;
  let tools: KafkaTools;
  let directories: LogDirectories;
  let written: Written[];

  beforeAll(async () => {
    directories = new LogDirectories();
    classPath = await kafkaClassPath();
    tools = new KafkaTools(classPath);
    const all = await directories.makeClean('closed');
    written = all.filter(({ topicPartition: { topic } }) => topic === TOPIC);
    await directories.makeKilled('killed');
  });
  afterAll(() => directories?.remove());

  describe.each(['with its recovery points', 'without recovery points'])('%s', (how) => {
    let cluster: KafkaCluster;
    let broker: KafkaBroker;
    const kafkas = `kafka's ${how}`;
    const ours = `ours ${how}`;

    beforeAll(async () => {
      for (const name of [kafkas, ours]) {
        directories.copy('killed', name);
        if (how.startsWith('without')) rmSync(join(directories.pathOf(name), RECOVERY_POINT_CHECKPOINT));
      }
      cluster = await KafkaCluster.start(classPath, directories.pathOf(`cluster ${how}`));
      broker = await cluster.startBroker(directories.pathOf(kafkas));
    });
    afterAll(() => cluster?.stop());

    it('Kafka recovers it and cuts nothing off', () => {
      expect(broker.logLines.filter((line) => line.includes('since no clean shutdown file was found'))).toHaveLength(1);
      expect(broker.logLines.filter((line) => /[Cc]orrupt|truncating|invalid/.test(line))).toEqual([]);
      expect(broker.complaints).toEqual([]);
    });

    it("Kafka's consumer reads every record", async () => {
      const lines = written.flatMap(({ topicPartition: { partition }, readable }) =>
        readable.map((record) => consumerLine(partition, record)),
      );
      const isolation = 'read_uncommitted';
      expect(await tools.consume(broker.address, { topic: TOPIC, isolation, countMax: lines.length })).toEqual(lines);
    });

    it('Kafka leaves the very files that we leave after our own recovery', async () => {
      await broker.stop();
      const { manager } = await openOurs(directories.pathOf(ours), directories.nowMs);
      for (const log of manager.logs()) log.beginEpoch(leaderEpoch(KAFKA_EPOCH));
      await manager.close();
      for (const { topicPartition, startOffset } of written) {
        const name = formatTopicPartition(topicPartition);
        const [theirs, own] = [kafkas, ours].map((dir) => filesOf(join(directories.pathOf(dir), name), startOffset));
        expect(own, name).toEqual(theirs);
      }
    });
  });
});
