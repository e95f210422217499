/** The answers to requests that were passed on to the controller and may have been done, each error in its API's own places. */
import { electLeadersRefused } from '@barnabas/controller';
import { ZERO_UUID } from '@barnabas/protocol';
import { askedTopics } from '../../topics/delete/asked-topics.ts';
import { refusal } from '../../topics/refusal.ts';
import type { ControllerApi, Unanswered } from './forwarded.ts';

const TIMED_OUT = refusal(
  'REQUEST_TIMED_OUT',
  'The controller gave no answer: it may have been done, or not. Look before you ask again.',
);

export const UNANSWERED: { readonly [Api in ControllerApi]: Unanswered<Api> } = {
  CreateTopics: ({ topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => {
      const unknown = { topicId: ZERO_UUID, topicConfigErrorCode: 0, numPartitions: -1, replicationFactor: -1 };
      return { name, ...unknown, configs: [], ...TIMED_OUT };
    }),
  }),
  DeleteTopics: (request) => ({
    throttleTimeMs: 0,
    responses: askedTopics(request).map((topic) => ({ ...topic, ...TIMED_OUT })),
  }),
  CreatePartitions: ({ topics }) => ({
    throttleTimeMs: 0,
    results: topics.map(({ name }) => ({ name, ...TIMED_OUT })),
  }),
  ElectLeaders: (request, version) => electLeadersRefused('REQUEST_TIMED_OUT', request, version),
};
