import { APIS, type ApiName, type Message } from '@barnabas/protocol';
import type { PeerContext, PeerHandler, PeerRequest, PeerResponse } from '@barnabas/transport';

type AnyMessage = Message<object, object>;
type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

/** The handler's answer as a peer gets it: the request and the response go through their encodings. */
export async function ask<Name extends ApiName>(
  api: Name,
  handler: PeerHandler<Name>,
  version: number,
  request: PeerRequest<Name>,
  context: Partial<PeerContext> = {},
): Promise<PeerResponse<Name>> {
  const row: { readonly request: AnyMessage; readonly response: AnyMessage } = APIS[api];
  const received = row.request.decode(version, row.request.encode(version, request));
  const response = await (handler as AnyHandler)(received, { ...contextOf(version), ...context });
  return row.response.decode(version, row.response.encode(version, response)) as PeerResponse<Name>;
}

export const contextOf = (version: number): PeerContext => ({
  version,
  clientId: 'test',
  remote: 'test',
  signal: new AbortController().signal,
});
