import type { KafkaError } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { EPOCH, produced } from '../log/batches.ts';
import { DIRS, ManagerContext, partition } from './manager-context.ts';

describe('LogManager.create', () => {
  it.each([
    ['with a space', partition(0, 'a b')],
    ['that is too long', partition(0, 'x'.repeat(250))],
    ['that is empty', partition(0, '')],
    ['that leads elsewhere', partition(0, '../../etc/x')],
    ['that leads below', partition(0, 'a/b')],
    ['with a line break', partition(0, 'a\nb')],
    ['with a negative number', partition(-1)],
    ['with a number that is too large', partition(2 ** 31)],
  ])('refuses a name %s, with nothing made', async (_, topicPartition) => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    const files = context.disk.listing();
    const outcome = await manager.create(topicPartition).then(
      () => 'made',
      ({ error }: KafkaError) => error,
    );
    expect(outcome).toBe('INVALID_TOPIC_EXCEPTION');
    expect(context.disk.listing()).toEqual(files);
    expect((await context.disk.newProcess().list('/')).map(({ name }) => `/${name}`).sort()).toEqual(DIRS);
    await manager.checkpoint();
    await manager.get(partition(0))?.appendAsLeader(produced(), EPOCH).acknowledged;
    expect(context.failures).toEqual([]);
  });
});
