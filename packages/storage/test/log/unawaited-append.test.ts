import { afterEach, describe, expect, it } from 'vitest';
import { LogDirFailedError } from '../../src/storage-errors.ts';
import { EPOCH, produced, replicated, sequenced } from './batches.ts';
import { LogContext } from './log-context.ts';
import { turns } from './turns.ts';

const unhandled: unknown[] = [];
const note = (error: unknown): void => {
  unhandled.push(error);
};

afterEach(() => {
  process.off('unhandledRejection', note);
});

describe('an append that nobody waits for', () => {
  it.each([
    ['of a leader', 'group', undefined, (context: LogContext) => context.log.appendAsLeader(produced(), EPOCH)],
    ['of a follower', 'group', undefined, (context: LogContext) => context.log.appendAsFollower(replicated(2))],
    ['sent twice', 'group', undefined, (context: LogContext) => context.log.appendAsLeader(sequenced(1), EPOCH)],
    ['flushed by count', 'os', 1, (context: LogContext) => context.log.appendAsLeader(produced(), EPOCH)],
  ] as const)('does not end the process when the disk fails: %s', async (_, flushMode, flush, append) => {
    process.on('unhandledRejection', note);
    const context = await LogContext.create({ flushMode, config: flush === undefined ? {} : { flushMessages: flush } });
    await context.append(sequenced(0));
    context.disk.faults.fail('sync', /\.log$/);
    context.log.appendAsLeader(sequenced(1), EPOCH);
    const { acknowledged } = append(context);
    await turns(50);
    expect(context.openManager.failures).toHaveLength(1);
    expect(unhandled).toEqual([]);
    await expect(acknowledged).rejects.toThrow(LogDirFailedError);
  });
});
