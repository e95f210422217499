import { controllerEpoch, ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { updateMetadataHandler } from '../../src/requests/update-metadata-handler.ts';
import { ask } from '../support/ask.ts';
import { recordingLog } from '../support/recording-log.ts';
import { newCache, updateMetadata } from '../support/update-metadata.ts';

describe('UpdateMetadata', () => {
  it('is taken over by the cache', async () => {
    const { cache, update, lines } = begin();
    expect(await update(updateMetadata())).toBe(0);
    expect(cache.image.brokers.size).toBe(3);
    expect(lines).toEqual([]);
  });

  it('is refused, and said to be, for the epochs that it has', async () => {
    const { fence, update, lines } = begin();
    fence.admits(controllerEpoch(6));
    expect(await update(updateMetadata())).toBe(ERRORS.STALE_CONTROLLER_EPOCH.code);
    expect(await update(updateMetadata({ brokerEpoch: 1n }))).toBe(ERRORS.STALE_BROKER_EPOCH.code);
    expect(lines).toEqual([
      'warn: refused an UpdateMetadata: controller 1 has epoch 5, the last is 6',
      'warn: refused an UpdateMetadata: it is for epoch 1 of this broker, which has 100 by now',
    ]);
  });
});

function begin() {
  const log = recordingLog();
  const { cache, fence } = newCache();
  const handler = updateMetadataHandler({ cache, log });
  const update = async (request: ReturnType<typeof updateMetadata>) =>
    (await ask('UpdateMetadata', handler, 8, request)).errorCode;
  return { cache, fence, update, lines: log.lines };
}
