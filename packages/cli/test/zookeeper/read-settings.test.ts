import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/zookeeper/read-settings.ts';

let root: string;
let config: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'settings-'));
  config = join(root, 'zoo.cfg');
});

afterEach(() => rmSync(root, { recursive: true }));

const logLevel = 'info';

describe('readSettings', () => {
  it('puts flags before the file', async () => {
    writeFileSync(config, 'clientPort=1\ndataDir=/from/file\ntickTime=7\nsnapCount=9\n');
    const { settings, notice } = await readSettings({ config, port: 2, tickTime: 8, logLevel }, {});
    expect(settings).toEqual({ port: 2, dataDir: '/from/file', tickTimeMs: 8, snapCount: 9 });
    expect(notice).toBeUndefined();
    expect((await readSettings({ config, dataDir: 'here', logLevel }, {})).settings.dataDir).toBe(resolve('here'));
  });

  it('names the data directory that it takes where nobody named one', async () => {
    const there = await readSettings({ logLevel }, { XDG_DATA_HOME: '/data' });
    expect(there.settings.dataDir).toBe('/data/barnabas/zookeeper');
    expect(there.notice).toContain('/data/barnabas/zookeeper');
    expect((await readSettings({ logLevel }, {})).settings.dataDir).toBe(
      join(homedir(), '.local/share/barnabas/zookeeper'),
    );
  });

  it('takes no data directory in memory, not that of the file either', async () => {
    writeFileSync(config, 'dataDir=/from/file\n');
    expect(await readSettings({ config, inMemory: true, logLevel }, {})).toEqual({
      settings: {},
      warnings: [],
      notice: undefined,
    });
    await expect(readSettings({ inMemory: true, dataDir: '/d', logLevel }, {})).rejects.toThrow('exclude each other');
  });

  it('says which file is wrong, or missing', async () => {
    writeFileSync(config, 'tickTime=soon\n');
    await expect(readSettings({ config, logLevel }, {})).rejects.toThrow(`${config}: tickTime is soon`);
    await expect(readSettings({ config: join(root, 'none'), logLevel }, {})).rejects.toThrow('ENOENT');
  });
});
