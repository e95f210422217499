import { errorByCode } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';

export const ID_A = 'aaaaaaaaaaaaaaaaaaaaaA';
export const ID_B = 'bbbbbbbbbbbbbbbbbbbbbA';

type CreateTopics = PeerRequest<'CreateTopics'>;
export type AskedTopic = CreateTopics['topics'][number];

/** A topic to create, of which nothing is said but what is given. */
export function asked(name: string, said: Partial<AskedTopic> = {}): AskedTopic {
  return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [], ...said };
}

export function creation(...topics: readonly AskedTopic[]): CreateTopics {
  return { topics, timeoutMs: 5000 };
}

/** The names of the errors, in the order of the topics. */
export function outcomes({ topics }: { readonly topics: readonly { readonly errorCode: number }[] }): string[] {
  return topics.map(({ errorCode }) => errorByCode(errorCode).name);
}
