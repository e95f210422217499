import { describe, expect, it } from 'vitest';
import type { OpenDataDir } from '../../src/server/persistence/data-dir.ts';
import { SnapshotKeeper } from '../../src/server/snapshot-keeper.ts';
import { EngineFixture } from '../support/engine/engine-fixture.ts';
import { LogLines } from '../support/server/log-lines.ts';

describe('a SnapshotKeeper', () => {
  it('removes old files for one snapshot after the other, however fast they come', async () => {
    const fixture = new EngineFixture();
    let purging = 0;
    let purgedAtOnce = 0;
    const dataDir: Pick<OpenDataDir, 'saveSnapshot' | 'purge'> = {
      saveSnapshot: async () => {},
      async purge() {
        purgedAtOnce = Math.max(purgedAtOnce, ++purging);
        await new Promise((resolve) => setImmediate(resolve));
        purging--;
        return [];
      },
    };
    const logger = new LogLines();
    const keeper = new SnapshotKeeper(dataDir, 0, fixture.engine, 3, logger);
    for (let count = 0; count < 3; count++) {
      fixture.connected();
      void keeper.take();
    }
    await keeper.take();
    expect(keeper.takenCount).toBe(3);
    expect(purgedAtOnce).toBe(1);
    expect(logger.at('info')).toEqual(Array(3).fill('snapshot written'));
  });
});
