import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClientScene } from '../support/clients/client-scene.ts';
import { CONFLUENT } from '../support/clients/confluent.ts';
import { confluentSteadily } from '../support/clients/kills/confluent-steadily.ts';
import { auditReads } from '../support/clients/kills/reads-audit.ts';
import { surviveKills } from '../support/clients/kills/survive-kills.ts';
import { describeWithPackages } from '../support/debian/describe-with-packages.ts';

const START_MAX_MS = 180_000;
const STORY_MAX_MS = 240_000;

describeWithPackages('A group of confluent-kafka for Python', CONFLUENT, () => {
  let scene: ClientScene;

  beforeAll(async () => {
    scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
  }, START_MAX_MS);
  afterAll(() => scene?.close());

  it(
    'reads all of a steady load while a leader and the coordinator are killed, each record once but where commits were lost',
    async ({ annotate }) => {
      const { acknowledged, members } = await surviveKills(scene, confluentSteadily);
      const { problems, readAgain } = auditReads(acknowledged, members);
      await annotate(`${readAgain} records were read again`);
      expect(problems).toEqual([]);
    },
    STORY_MAX_MS,
  );
});
