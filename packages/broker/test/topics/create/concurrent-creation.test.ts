import { decodeTopic } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { asked, creation, outcomes } from '../../support/topics/asked.ts';
import { TopicLab } from '../../support/topics/topic-lab.ts';

describe('the same topic, created on two sessions at the same time', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is created once, with what its creator configured (seed %i)', async (seed) => {
    const first = await TopicLab.start({ seed });
    const second = await first.newNeighbour({ seed: seed + 100 });
    const labs = [first, second];
    for (const lab of labs) lab.letControllerFollow();
    const configs = (value: string) => ({ configs: [{ name: 'retention.ms', value }] });
    const answers = await first.ensemble.run(
      Promise.all(
        labs.flatMap((lab, index) => [
          lab.begin('CreateTopics', creation(asked('t', configs(`${index}`)))),
          lab.begin('CreateTopics', creation(asked('t', configs(`${index + 10}`)))),
        ]),
      ),
    );
    const winners = answers.filter((answer) => outcomes(answer)[0] === 'NONE');
    expect(answers.flatMap(outcomes).toSorted()).toEqual(['NONE', ...Array(3).fill('TOPIC_ALREADY_EXISTS')]);
    const [created] = winners[0]?.topics ?? [];
    const znode = decodeTopic('t', Buffer.from(first.ensemble.textOf('/brokers/topics/t') ?? ''));
    expect(created?.topicId).toBe(znode.topicId);
    const retention = created?.configs?.find(({ name }) => name === 'retention.ms')?.value;
    expect(first.ensemble.textOf('/config/topics/t')).toBe(`{"version":1,"config":{"retention.ms":"${retention}"}}`);
    expect(first.ensemble.pathsBelow('/config/changes')).toHaveLength(1);
  });
});
