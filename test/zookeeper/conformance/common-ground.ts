import { CREATE_FLAGS, type CreateRequest, type MultiOp, type Request } from '@barnabas/zookeeper';
import type { Step } from './step.ts';

/** That the embedded server is to be like in everything. */
const FOLLOWED = '3.8.0';

/**
 * What a server of that version can be asked so that it has to say the same as the embedded one. Those of 3.8 after 3.8.0
 * differ from it in three things, which are asked of none of them: they let only those see whether a znode exists who may
 * read it; they answer a create2 in a transaction as such, not as a create; and flags that are none, in a transaction,
 * are to them a request that cannot be read.
 *
 * @throws Error for a version with which the embedded server cannot be compared
 */
export const commonGround = (version: string): ((steps: readonly Step[]) => readonly Step[]) => {
  if (version === FOLLOWED) return (steps) => steps;
  if (/^3\.8\.\d+$/.test(version)) return (steps) => steps.map(adaptStep);
  throw new Error(`the embedded server follows ZooKeeper 3.8, and cannot be compared with ${version}`);
};

const adaptStep = (step: Step): Step => {
  if (step.do === 'request') return { ...step, request: adaptRequest(step.request) };
  return step.do === 'burst' ? { ...step, requests: step.requests.map(adaptRequest) } : step;
};

const adaptRequest = (request: Request): Request => {
  if (request.op === 'multi') return { ...request, ops: request.ops.map(adaptOp) };
  return request.op === 'exists' ? { ...request, op: 'getChildren2' } : request;
};

const adaptOp = (op: MultiOp): MultiOp => ('flags' in op ? adaptCreate(op) : op);

const adaptCreate = (create: CreateRequest): CreateRequest => {
  switch (create.op) {
    case 'create':
    case 'create2':
      return { ...create, op: 'create', flags: create.flags & CREATE_FLAGS.ephemeralSequential };
    case 'createContainer':
      return { ...create, flags: CREATE_FLAGS.container };
    case 'createTTL':
      return { ...create, flags: CREATE_FLAGS.persistentWithTtl };
  }
};
