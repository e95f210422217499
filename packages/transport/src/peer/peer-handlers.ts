import type { APIS, ApiName, InputOf, TypeOf } from '@barnabas/protocol';

/** What a handler learns of a request beside its fields. */
export type PeerContext = {
  readonly version: number;
  readonly clientId: string | null;
  /** Address and port that the request came from. */
  readonly remote: string;
  /** Name of the listener that it came through; undefined from another broker or from this one itself. */
  readonly listener?: string;
  /** Aborted when the stream ends that the answer would go to. */
  readonly signal: AbortSignal;
};

/** Answers requests of one API. It must not throw: a failure belongs into the response; one that throws costs the stream. */
export type PeerHandler<Name extends ApiName> = (
  request: TypeOf<(typeof APIS)[Name]['request']>,
  context: PeerContext,
) => HandlerAnswer<Name> | Promise<HandlerAnswer<Name>>;

type HandlerAnswer<Name extends ApiName> = InputOf<(typeof APIS)[Name]['response']>;

/** A handler for each API that this broker serves to others. */
export type PeerHandlers = { readonly [Name in ApiName]?: PeerHandler<Name> };

/** A handler whose API is known only from the bytes of a request; that both fit is what `PeerHandlers` guarantees. */
export type AnyPeerHandler = (request: object, context: PeerContext) => object | Promise<object>;

export const handlerOf = (handlers: PeerHandlers, api: ApiName): AnyPeerHandler | undefined =>
  handlers[api] as AnyPeerHandler | undefined;
