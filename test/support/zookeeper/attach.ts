import { type Arrival, RawClient } from './raw-client.ts';

/** A server for clients. */
export type Target = { readonly host: string; readonly port: number };

/** A session as its client knows it. */
export type SessionKey = { readonly id: bigint; readonly password: Uint8Array };

/** What a client that has no session sends in place of one. */
export const NEW_SESSION: SessionKey = { id: 0n, password: new Uint8Array(16) };

export type AttachOptions = {
  readonly timeoutMs?: number;
  readonly lastZxidSeen?: number;
  /** Older than 3.4: it knows nothing of servers that only read. */
  readonly isOld?: boolean;
};

/** A connection with what the server said to its first frame; `session` is undefined where it was turned away. */
export type Attachment = {
  readonly client: RawClient;
  readonly arrivals: readonly Arrival[];
  readonly session: SessionKey | undefined;
};

export const attach = async (
  { host, port }: Target,
  { id: sessionId, password }: SessionKey,
  { timeoutMs = 30_000, lastZxidSeen = 0, isOld = false }: AttachOptions = {},
): Promise<Attachment> => {
  const client = await RawClient.open(host, port);
  const request = { protocolVersion: 0, lastZxidSeen, timeoutMs, sessionId, password };
  client.connect(isOld ? request : { ...request, readOnly: false });
  const arrivals = await client.until(({ type }) => type === 'connected');
  const [first] = arrivals;
  if (first?.type !== 'connected' || first.response.timeoutMs <= 0) {
    return { client, arrivals: [...arrivals, ...(await client.until(() => false))], session: undefined };
  }
  return { client, arrivals, session: { id: first.response.sessionId, password: first.response.password } };
};
