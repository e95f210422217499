import type { RequestId } from '../../src/index.ts';
import { joinAsk, syncAsk } from './asks.ts';
import type { Answered, ShardHost } from './shard-host.ts';

type Join = Parameters<typeof joinAsk>[0];

/** A new member asks to join, with the id that it is given first where its version has that. */
export const newMember = (host: ShardHost, join: Join = {}): { id: string; request: RequestId } => {
  const first = host.ask(joinAsk(join));
  const required = host.answer(first);
  if (required === undefined || host.error(first) !== 'MEMBER_ID_REQUIRED') return { id: '', request: first };
  const id = required.memberId;
  return { id, request: host.ask(joinAsk({ ...join, memberId: id })) };
};

/** A group that is stable, of that many new members: `m0` leads, and each is assigned its own name. */
export const stableGroup = (host: ShardHost, joins: readonly Join[] = [{}]): { ids: string[]; generation: number } => {
  const requests = joins.map((join) => newMember(host, join).request);
  for (let steps = 0; steps < 10 && requests.some((request) => host.answer(request) === undefined); steps++) {
    host.advance(3000);
  }
  const answers = requests.map((request) => answered(host, request));
  const ids = answers.map(({ memberId }) => memberId);
  const generation = answers[0]?.generationId ?? -1;
  syncAll(host, ids, generation, joins[0]?.groupId);
  return { ids, generation };
};

/** The answer to a request that waits no longer. */
export const answered = (host: ShardHost, request: RequestId): Answered => {
  const answer = host.answer(request);
  if (answer === undefined) throw new Error(`request ${request} still waits`);
  return answer;
};

/** All ask for their assignments, the first of them as the leader. */
export const syncAll = (host: ShardHost, ids: readonly string[], generationId: number, groupId = 'g'): RequestId[] => {
  const assignments = ids.map((memberId, index) => ({ memberId, assignment: Buffer.from(`m${index}`) }));
  return ids.map((memberId, index) =>
    host.ask(syncAsk({ groupId, memberId, generationId, assignments: index === 0 ? assignments : [] })),
  );
};
