import { decodeTopic } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { asked, creation, outcomes } from '../../support/topics/asked.ts';
import { LOSSES, type Loss, losingSession } from '../../support/topics/losing-session.ts';
import { TopicLab } from '../../support/topics/topic-lab.ts';

const REQUEST = creation(asked('a.b', { numPartitions: 2, configs: [{ name: 'retention.ms', value: '5' }] }));

describe('CreateTopics without an answer from ZooKeeper', () => {
  it.each(LOSSES)('says what is the case, whichever request is lost (%s)', async (loss) => {
    let lostWrites = 0;
    const requests = await withEachRequestLost(loss, async (lab, hasLostWrite) => {
      lab.letControllerFollow();
      const answer = await lab.ask('CreateTopics', REQUEST);
      const text = lab.ensemble.textOf('/brokers/topics/a.b');
      if (hasLostWrite()) lostWrites++;
      if (hasLostWrite() && loss === 'request') {
        expect(outcomes(answer)).toEqual(['REQUEST_TIMED_OUT']);
        expect(text).toBeUndefined();
        return;
      }
      expect(outcomes(answer)).toEqual(['NONE']);
      expect(decodeTopic('a.b', Buffer.from(text ?? '')).topicId).toBe(answer.topics[0]?.topicId);
      expect(lab.ensemble.textOf('/config/topics/a.b')).toBe('{"version":1,"config":{"retention.ms":"5"}}');
      expect(lab.ensemble.pathsBelow('/config/changes')).toHaveLength(1);
    });
    expect(requests).toBe(4);
    expect(lostWrites).toBe(1);
  });

  it('does not bring back a topic that was created and deleted meanwhile (rule 10)', async () => {
    await withEachRequestLost('answer', async (lab, hasLostWrite, meanwhile) => {
      meanwhile(async () => {
        if (lab.ensemble.textOf('/brokers/topics/a.b') === undefined) return;
        await lab.session.delete('/brokers/topics/a.b', -1);
        await lab.session.delete('/config/topics/a.b', -1);
      });
      const answer = await lab.ask('CreateTopics', { ...REQUEST, timeoutMs: 100 });
      if (!hasLostWrite()) return;
      expect(outcomes(answer)).toEqual(['REQUEST_TIMED_OUT']);
      expect(lab.ensemble.textOf('/brokers/topics/a.b')).toBeUndefined();
    });
  });

  it('does not create a topic that was marked for deletion meanwhile', async () => {
    await withEachRequestLost('unsent', async (lab, _hasLostWrite, meanwhile) => {
      let isMarked = false;
      meanwhile(async () => {
        await lab.session.create('/admin/delete_topics/a.b', null);
        isMarked = true;
      });
      const answer = await lab.ask('CreateTopics', { ...REQUEST, timeoutMs: 100 });
      if (isMarked) expect(outcomes(answer)).toEqual(['TOPIC_ALREADY_EXISTS']);
      expect(lab.ensemble.textOf('/brokers/topics/a.b') === undefined).toBe(isMarked);
    });
  });

  it('takes a topic of another for what it is', async () => {
    await withEachRequestLost('request', async (lab, hasLostWrite, meanwhile) => {
      const neighbour = await lab.newNeighbour();
      neighbour.letControllerFollow();
      meanwhile(async () => {
        await neighbour.begin('CreateTopics', REQUEST);
      });
      const answer = await lab.ask('CreateTopics', REQUEST);
      if (hasLostWrite()) expect(outcomes(answer)).toEqual(['TOPIC_ALREADY_EXISTS']);
    });
  });

  it('says that it is not known, where the session ends before it can be found out', async () => {
    const lab = await TopicLab.start();
    const losing = losingSession(lab.session, 4, 'answer', async () => {
      lab.ensemble.zookeeper.expire(lab.session.sessionId);
    });
    lab.coordination.session = losing.session;
    const answer = await lab.ask('CreateTopics', REQUEST);
    expect(losing.hasLostWrite()).toBe(true);
    expect(outcomes(answer)).toEqual(['REQUEST_TIMED_OUT']);
    expect(answer.topics[0]?.errorMessage).toMatch(/may have been done, or not/);
    expect(lab.ensemble.textOf('/brokers/topics/a.b')).toBeDefined();
  });
});

/** Runs the scenario once for each of its requests, on a lab of its own, until there are no more: how many there were. */
async function withEachRequestLost(
  loss: Loss,
  scenario: (
    lab: TopicLab,
    hasLostWrite: () => boolean,
    /** Sets what happens between the loss and the next connection. */
    meanwhile: (happens: () => Promise<void>) => void,
  ) => Promise<void>,
): Promise<number> {
  for (let lost = 1; ; lost++) {
    const lab = await TopicLab.start({ seed: lost });
    let happens = async () => {};
    const losing = losingSession(lab.session, lost, loss, () => happens());
    lab.coordination.session = losing.session;
    await scenario(lab, losing.hasLostWrite, (it) => {
      happens = it;
    });
    if (losing.requests() < lost) return lost - 1;
  }
}
