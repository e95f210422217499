import { ZERO_UUID } from '@barnabas/protocol';
import { errorIn } from '../asking/ask-leader.ts';
import { firstView } from '../asking/next-view.ts';
import type { Patience } from '../asking/patience.ts';
import type { Door } from '../door/door.ts';
import { askController } from './ask-controller.ts';

const DELETE_TOPICS = ['DeleteTopics', 6] as const;

/**
 * Deletes a topic. Resolves when this broker no longer knows it, or after a while: it is as good as gone then, too.
 *
 * @throws KafkaError the controller's, or one that says whether it may have been done
 */
export async function deleteTopic(door: Door, name: string, patience: Patience): Promise<void> {
  const deleted = door.cluster.image.topics.get(name);
  await askController(
    door,
    DELETE_TOPICS,
    (timeoutMs) => ({ topics: [{ name, topicId: ZERO_UUID }], timeoutMs }),
    ({ responses: [result] }) => errorIn(result?.errorCode ?? -1, result?.errorMessage),
    patience,
  );
  await firstView(door, patience, ({ topics }) => {
    const topic = topics.get(name);
    return topic === undefined || topic.topicId !== deleted?.topicId ? true : undefined;
  });
}
