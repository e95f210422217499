import { describe, expect, it } from 'vitest';
import { ManagerContext, partition } from './manager-context.ts';

/** A log of t-0 in one directory, with a record in it; answers that directory and another one. */
const withLog = async (context: ManagerContext): Promise<[string, string]> => {
  const manager = await context.withLogs(1);
  const holder = manager.get(partition(0))?.dir.slice(0, 2) ?? '';
  await manager.close();
  return [holder, holder === '/a' ? '/b' : '/a'];
};

describe('two logs of one partition in different directories', () => {
  it.each([
    ['an empty one', '00000000000000000000.log', Buffer.alloc(0)],
    ['a directory without a segment', 'leader-epoch-checkpoint', Buffer.from('0\n0\n')],
    ['one that is damaged', '00000000000000000000.log', Buffer.alloc(100)],
  ])('refuse the start, which names both, though one is %s', async (_, name, content) => {
    const context = new ManagerContext();
    const [holder, other] = await withLog(context);
    context.disk.plantFile(`${other}/t-0/${name}`, content);
    // So that the other one is not cut, but found unusable.
    if (content.length > 0) context.disk.plantFile(`${other}/.kafka_cleanshutdown`, Buffer.from('{"version":0}'));
    const opened = context.open();
    await expect(opened).rejects.toMatchObject({ error: 'KAFKA_STORAGE_ERROR' });
    await expect(opened).rejects.toThrow(new RegExp(`(?=.*${holder}\\b)(?=.*${other}\\b).*a log of t-0`));
  });

  it('are no obstacle once one of them is out of the way', async () => {
    const context = new ManagerContext();
    const [holder, other] = await withLog(context);
    context.disk.plantFile(`${other}/t-0/00000000000000000000.log`, Buffer.alloc(0));
    await expect(context.open()).rejects.toThrow(/move one of them away/);
    await context.disk.newProcess().removeDirectory(`${other}/t-0`);
    const log = (await context.open()).get(partition(0));
    expect([log?.dir, log?.endOffset]).toEqual([`${holder}/t-0`, 1]);
  });
});
