import type { ErrorResult, Reply } from '../../operation/reply.ts';
import type { CheckRequest, Request } from '../../operation/request.ts';
import { decide, type NodeWrite } from './decide.ts';
import { decideMulti } from './decide-multi.ts';
import type { EngineCore } from './engine-core.ts';
import { executeWatch } from './execute-watch.ts';
import { failedWith } from './failed-with.ts';
import { type Identity, userOf } from './identity.ts';
import { read } from './read.ts';
import { replyToWrite } from './reply-to-write.ts';
import type { SessionConnection } from './session-connection.ts';
import type { Session } from './session-tracker.ts';

/** All but those that are about the connection itself. */
export type SessionRequest = Exclude<Request, { readonly op: 'auth' }>;
type MultiRequest = Extract<Request, { readonly op: 'multi' }>;

/** Who asks. */
export type Asker = {
  readonly session: Session<SessionConnection>;
  readonly identities: readonly Identity[];
  /** Who hears of the watches. */
  readonly connection: SessionConnection;
};

/** Does what is asked for; events are told before this returns the answer. */
export function execute(xid: number, request: SessionRequest, asker: Asker, core: EngineCore): Reply | ErrorResult {
  const { tree } = core.database;
  switch (request.op) {
    case 'ping':
      return { op: request.op };
    case 'whoAmI':
      return { op: request.op, identities: asker.identities.map(withoutProof) };
    case 'closeSession':
      core.endSession(asker.session, xid);
      return { op: request.op };
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'deleteContainer':
    case 'setData':
    case 'setACL':
    case 'multi':
      return write(xid, request, asker, core);
    case 'check':
      // Only within a multi. ZooKeeper takes one by itself, never answers it, and cannot read its own log afterwards.
      return failedWith('UNIMPLEMENTED');
    case 'addWatch':
    case 'checkWatches':
    case 'removeWatches':
    case 'setWatches':
    case 'setWatches2':
      return executeWatch(request, core.watches, tree, asker.connection);
    default: {
      const { identities, connection: watcher } = asker;
      return read(request, { tree, watches: core.watches, watcher, identities, sessionId: asker.session.id });
    }
  }
}

function write(
  xid: number,
  request: Exclude<NodeWrite, CheckRequest> | MultiRequest,
  { session, identities }: Asker,
  core: EngineCore,
): Reply | ErrorResult {
  const grounds = { tree: core.database.tree, identities, extendedTypes: core.options.extendedTypes };
  const txn = request.op === 'multi' ? decideMulti(request.ops, grounds) : decide(request, grounds);
  return replyToWrite(request.op, core.commit(session.id, xid, txn));
}

function withoutProof(identity: Identity): Identity {
  return { scheme: identity.scheme, id: userOf(identity) };
}
