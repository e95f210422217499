import type { Turn } from '../turn/turn.ts';
import { appendDeletions, offsetDeletion } from './deletion.ts';

/** The offsets of a topic that is no more go, of all groups. */
export const deleteOffsetsOfTopic = (turn: Turn, topic: string): void => {
  const changes = [...turn.state.groups]
    .filter((group) => !group.is('Dead'))
    .flatMap((group) => group.offsets.places(topic).map((place) => offsetDeletion(group.id, place)));
  appendDeletions(turn, changes, () => ({ kind: 'nothing' }));
};
