import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { auditReads } from '../support/clients/kills/reads-audit.ts';
import { surviveKills } from '../support/clients/kills/survive-kills.ts';
import { kafkaClassPath } from '../support/java/kafka-jars.ts';
import { describeWithKafka } from './support/describe-with-kafka.ts';
import { asNumbered, javaSteadily } from './support/java-steadily.ts';

describeWithKafka("Apache Kafka's own clients on three brokers of ours", () => {
  const dir = mkdtempSync(join(tmpdir(), 'barnabas-kafka-clients-'));
  let scene: ClientScene;

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
  });
  afterAll(async () => {
    await scene?.close();
    rmSync(dir, { recursive: true });
  });

  it('read all of a steady load while a leader and the coordinator are killed, each record once but where commits were lost', async ({
    annotate,
  }) => {
    const configFile = join(dir, 'producer.properties');
    writeFileSync(configFile, 'enable.idempotence=true\nretries=2147483647\n');
    const java = javaSteadily(await kafkaClassPath(), configFile);
    const { acknowledged, members } = await surviveKills(scene, java);
    const numbered = members.map((member) => asNumbered(java.acknowledged, member));
    const { problems, readAgain } = auditReads(acknowledged, numbered);
    await annotate(`${readAgain} records were read again`);
    expect(problems).toEqual([]);
  });
});
