import type { Acl, OpName, Request } from '@barnabas/zookeeper';

/** How many connections a sequence has at the same time. */
export const SLOTS = 3;

/**
 * One thing that a sequence does, to the real server and to the embedded one. A slot has one connection at a time, and
 * the session that was last opened on it; where it has no connection, it first gets one, with its session if that lives.
 *
 * Requests name what only a run can know by stand-ins: see `ROOT`, `CREATED`, `SEEN_VERSION`, `OWN_ADDRESS`; `relativeZxid`
 * is how many transactions before the last one that the connection has seen.
 */
export type Step =
  | { readonly do: 'request'; readonly slot: number; readonly request: Request }
  /** All are sent before any is answered. */
  | { readonly do: 'burst'; readonly slot: number; readonly requests: readonly Request[] }
  | { readonly do: 'unknown'; readonly slot: number; readonly opCode: number }
  | { readonly do: 'open'; readonly slot: number; readonly timeoutMs: number }
  | { readonly do: 'close' | 'cut'; readonly slot: number }
  | { readonly do: 'reattach'; readonly slot: number; readonly how: Reattachment }
  /** Cuts the connection and waits until the server has ended the session. */
  | { readonly do: 'expire'; readonly slot: number }
  /** Makes a container with a child, removes the child and waits until the server has removed the container. */
  | { readonly do: 'emptyContainer'; readonly slot: number; readonly parent: string }
  /** Makes a znode that may live for a millisecond and waits until the server has removed it. */
  | { readonly do: 'outliveTtl'; readonly slot: number; readonly parent: string };

/** `ahead`: the client says that it has seen what has not happened yet. */
export type Reattachment = 'right' | 'wrong password' | 'ahead' | 'old client';

/** Stands for the znode below which all of a sequence happens. */
export const ROOT = '~';
/** `=0` stands for the path that the last create has made, `=1` for the one before... */
export const CREATED = '=';
/** The version that was last seen of that znode. */
export const SEEN_VERSION = -1000;
/** As `id` of scheme `ip`: the address under which the server sees us. */
export const OWN_ADDRESS = 'own';

/** One line for a transcript. */
export const stepText = (step: Step): string => {
  const at = `s${step.slot}`;
  switch (step.do) {
    case 'request':
      return `${at} ${requestText(step.request)}`;
    case 'burst':
      return `${at} at once: ${step.requests.map(requestText).join('; ')}`;
    case 'unknown':
      return `${at} request of type ${step.opCode}`;
    case 'open':
      return `${at} open ${step.timeoutMs}`;
    case 'reattach':
      return `${at} reattach, ${step.how}`;
    case 'emptyContainer':
    case 'outliveTtl':
      return `${at} ${step.do} below ${step.parent}`;
    default:
      return `${at} ${step.do}`;
  }
};

export const requestText = (request: Request): string => {
  if (request.op === 'multi' || request.op === 'multiRead') {
    return `${request.op}[${request.ops.map((op) => requestText(op)).join(', ')}]`;
  }
  const { op, ...fields }: { readonly op: OpName } = request;
  return [op, ...Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`)].join(' ');
};

const valueText = (value: unknown): string => {
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString());
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (isAcl(value)) return aclText(value);
  return JSON.stringify(value);
};

const isAcl = (value: unknown): value is Acl => typeof value === 'object' && value !== null && 'permissions' in value;

export const aclText = ({ permissions, scheme, id }: Acl): string => `${scheme}:${id}:${permissions}`;
