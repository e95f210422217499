import { ERRORS, type ErrorName } from '@barnabas/model';
import { APIS } from '@barnabas/protocol';
import { PeerError, type PeerResponse } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { Requests } from '../../../src/peers/requests.ts';
import { AutoTopicCreation } from '../../../src/requests/metadata/auto-topic-creation.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { newCache, updateMetadata } from '../../support/update-metadata.ts';

describe('AutoTopicCreation', () => {
  it('asks the controller for topics by its defaults', async () => {
    const { creation, asked, answer, lines } = begin();
    creation.create(['t', 'u']);
    expect(asked).toEqual([['t', 'u']]);
    await answer('NONE');
    expect(lines).toEqual([
      'info: created a topic because it was asked for',
      'info: created a topic because it was asked for',
    ]);
  });

  it('asks for a topic once at a time', async () => {
    const { creation, asked, answer } = begin();
    creation.create(['t']);
    creation.create(['t', 'u']);
    creation.create(['t']);
    expect(asked).toEqual([['t'], ['u']]);
    await answer('NONE');
    creation.create(['t']);
    expect(asked).toEqual([['t'], ['u'], ['t']]);
  });

  it('does nothing without a controller', () => {
    const { creation, asked, cache } = begin();
    cache.update(updateMetadata({ controllerId: -1 }));
    creation.create(['t']);
    expect(asked).toEqual([]);
  });

  it('says why there is no topic, unless it was there already', async () => {
    const { creation, answer, lines } = begin();
    creation.create(['t']);
    await answer('POLICY_VIOLATION');
    creation.create(['t']);
    await answer('TOPIC_ALREADY_EXISTS');
    expect(lines).toEqual(['warn: no topic was created: as the controller says']);
  });

  it('asks again after the controller could not be reached', async () => {
    const { creation, asked, fail, lines } = begin();
    creation.create(['t']);
    await fail(new PeerError('refused', 'unreachable', 'no'));
    creation.create(['t']);
    expect(asked).toEqual([['t'], ['t']]);
    expect(lines).toEqual(['warn: topics could not be created automatically']);
  });
});

function begin() {
  const { cache } = newCache();
  cache.update(updateMetadata());
  const asked: string[][] = [];
  const pending: { names: string[]; resolve(response: unknown): void; reject(error: unknown): void }[] = [];
  const requests: Requests = {
    ask: (broker, api, version, request, options) => {
      const { topics } = APIS.CreateTopics.request.decode(7, APIS.CreateTopics.request.encode(7, request as never));
      expect([broker, api, version, options.deadlineMs]).toEqual([1, 'CreateTopics', 7, 500]);
      expect(
        topics.every(({ numPartitions, replicationFactor }) => numPartitions === -1 && replicationFactor === -1),
      ).toBe(true);
      const names = topics.map(({ name }) => name);
      asked.push(names);
      return new Promise((resolve, reject) => pending.push({ names, resolve: resolve as () => void, reject }));
    },
  };
  const log = recordingLog();
  const creation = new AutoTopicCreation({ requests, cluster: cache, timeoutMs: 500, log });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    cache,
    creation,
    asked,
    lines: log.lines,
    answer: (error: ErrorName) => {
      for (const { names, resolve } of pending.splice(0)) resolve(responseOf(names, error));
      return settled();
    },
    fail: (error: unknown) => {
      for (const { reject } of pending.splice(0)) reject(error);
      return settled();
    },
  };
}

function responseOf(names: readonly string[], error: ErrorName): PeerResponse<'CreateTopics'> {
  const topics = names.map((name) => ({
    name,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    errorCode: ERRORS[error].code,
    errorMessage: 'as the controller says',
    configs: null,
  }));
  const { response } = APIS.CreateTopics;
  return response.decode(7, response.encode(7, { throttleTimeMs: 0, topics }));
}
