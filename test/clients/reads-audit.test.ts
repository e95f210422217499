import { describe, expect, it } from 'vitest';
import { auditReads } from '../support/clients/kills/reads-audit.ts';
import type { SteadyMember } from '../support/clients/kills/steady-client.ts';

/** A member that has read those of partition 0. */
const reader = (...offsets: readonly number[]): Pick<SteadyMember, 'read'> => ({
  read: offsets.map((offset) => ({ partition: 0, offset, value: offset })),
});

describe('auditReads', () => {
  it('is content with what is read once, in order', () => {
    expect(auditReads([4], [reader(0, 1), reader(2, 3)])).toEqual({ problems: [], readAgain: 0 });
  });

  it('counts what is read again, by the same member or another', () => {
    expect(auditReads([4], [reader(0, 1, 2, 1, 2, 3), reader(1, 2)])).toEqual({ problems: [], readAgain: 4 });
  });

  it('sees what nobody has read', () => {
    const problems = ['partition 0: 2 never read, the first is 1'];
    expect(auditReads([4], [reader(0, 3)]).problems).toEqual(problems);
  });

  it('sees a record that is twice in the log', () => {
    const twice = { read: [...reader(0, 1).read, { partition: 0, offset: 2, value: 1 }] };
    const problems = ['partition 0: 1 more than the 2 sent', 'partition 0: record 1 is at 2'];
    expect(auditReads([2], [twice]).problems).toEqual(problems);
  });

  it('sees a member that has a later record before an earlier one', () => {
    expect(auditReads([3], [reader(0, 2, 1)]).problems).toEqual(['partition 0: member 0 has 1 after 2']);
  });
});
