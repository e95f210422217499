import type { ErrorCodeName } from '../operation/error-code.ts';
import type { Reply } from '../operation/reply.ts';
import type { Answer, SessionRequest } from './session-link.ts';
import { nameOfServerCode, type Outcome, ZooKeeperError } from './zookeeper-error.ts';

/** What a server said to a request. */
export type ServerAnswer = Exclude<Answer, { readonly type: 'unanswered' }>;

/** A request on its way, and who waits for it. */
export type Call = {
  readonly request: SessionRequest;
  /** The path as the caller named it. */
  readonly path: string | undefined;
  /** By the steady clock. */
  readonly deadlineAtMs: number;
  /** By the steady clock; undefined until it is sent. */
  sentAtMs: number | undefined;
  /** Whether the caller has been told; nothing is told twice. */
  isSettled: boolean;
  readonly answered: (answer: ServerAnswer) => void;
  readonly failed: (error: ZooKeeperError) => void;
};

const READS: ReadonlySet<SessionRequest['op']> = new Set(['exists', 'getData', 'getChildren2', 'getACL', 'sync']);

/** A server that is not the leader answers these by itself. */
const LOCAL_READS: ReadonlySet<SessionRequest['op']> = new Set(['exists', 'getData', 'getChildren2', 'getACL']);

/** Errors that a server may send although it has executed the request, or while it does not know. */
const INDEFINITE: ReadonlySet<ErrorCodeName | 'UNKNOWN_CODE'> = new Set([
  'SYSTEM_ERROR',
  'RUNTIME_INCONSISTENCY',
  'DATA_INCONSISTENCY',
  'CONNECTION_LOSS',
  'MARSHALLING_ERROR',
  'OPERATION_TIMEOUT',
  'REQUEST_TIMEOUT',
  'UNKNOWN_CODE',
]);

/** The caller hears that there will be no answer, unless it has heard something already. */
export function abandon(call: Call, code: ErrorCodeName, detail: string): void {
  if (call.isSettled) return;
  call.isSettled = true;
  const outcome = call.sentAtMs === undefined ? 'refused' : outcomeIfExecuted(call.request);
  call.failed(
    new ZooKeeperError(code, messageOf(call.request, call.path, `${code}, ${detail}`), { outcome, path: call.path }),
  );
}

/**
 * The reply to a request of type `op`.
 *
 * @throws ZooKeeperError what the server answered instead
 */
export function replyOf<K extends Reply['op']>(
  op: K,
  answer: ServerAnswer,
  request: SessionRequest,
  path: string | undefined,
): Reply & { readonly op: K } {
  if (answer.type === 'error') throw errorOf(answer.code, request, path);
  if (isReplyTo(op, answer.reply)) return answer.reply;
  const message = messageOf(request, path, `the answer is one to ${answer.reply.op}`);
  throw new ZooKeeperError('MARSHALLING_ERROR', message, { outcome: outcomeIfExecuted(request), path });
}

/** Whether an answer shows that the leader of the ensemble still has the session; see `Liveness`. */
export function isByLeader(request: SessionRequest, answer: ServerAnswer): boolean {
  return answer.type === 'reply' && !LOCAL_READS.has(request.op);
}

/** What a caller is told of the server's error `code`. */
function errorOf(code: number, request: SessionRequest, path: string | undefined): ZooKeeperError {
  const name = nameOfServerCode(code);
  const outcome = INDEFINITE.has(name) ? outcomeIfExecuted(request) : 'refused';
  return new ZooKeeperError(name, messageOf(request, path, `${name} (${code})`), { outcome, path });
}

function isReplyTo<K extends Reply['op']>(op: K, reply: Reply): reply is Reply & { readonly op: K } {
  return reply.op === op;
}

/** A read that is not answered has changed nothing. */
function outcomeIfExecuted(request: SessionRequest): Outcome {
  return READS.has(request.op) ? 'refused' : 'unknown';
}

/** `getData /a: NO_NODE (-101)` */
export function messageOf(request: SessionRequest, path: string | undefined, what: string): string {
  return path === undefined ? `${request.op}: ${what}` : `${request.op} ${path}: ${what}`;
}
