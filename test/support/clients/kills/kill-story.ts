import { expect, it } from 'vitest';
import { ClientScene } from '../client-scene.ts';
import { auditReads } from './reads-audit.ts';
import type { SteadyClient } from './steady-client.ts';
import { surviveKills, TOPIC } from './survive-kills.ts';

const STORY_MAX_MS = 300_000;
const LINES_SHOWN = 40;

/**
 * The story as a test, on a cluster of its own. It has a second try, as a client of others may come to a stop by itself when a broker goes: what
 * the brokers said and knew is printed whenever it fails.
 */
export const killStory = (client: SteadyClient): void => {
  it('reads all of a steady load while a leader and the coordinator are killed, each record once but where commits were lost', {
    timeout: STORY_MAX_MS,
    retry: 1,
  }, async ({ annotate }) => {
    const scene = await ClientScene.start({ 'group.initial.rebalance.delay.ms': '200' });
    try {
      const { acknowledged, members } = await surviveKills(scene, client);
      const { problems, readAgain } = auditReads(acknowledged, members);
      await annotate(`${readAgain} records were read again`);
      expect(problems).toEqual([]);
    } catch (error) {
      process.stderr.write(await evidenceOf(scene));
      throw error;
    } finally {
      await scene.close();
    }
  });
};

const evidenceOf = async ({ cluster }: ClientScene): Promise<string> => {
  const pieces = cluster.brokers.map(async (broker) => {
    const known = await fetch(`${broker.restUrl}/v1/topics/${TOPIC}`, { signal: AbortSignal.timeout(2000) })
      .then((response) => response.text())
      .catch((error: unknown) => `${error}`);
    return `broker ${broker.id} knows ${known}, and has said:\n${broker.lastLines(LINES_SHOWN)}\n`;
  });
  return (await Promise.all(pieces)).join('\n');
};
