import type { Timer } from '@barnabas/model';
import type { Api, ApiName } from '@barnabas/protocol';
import type { Frame } from '../wire/frame.ts';

/** A request that has been accepted for sending, until its answer is there or can no longer come. */
export type Call = {
  readonly api: Api<ApiName>;
  readonly version: number;
  readonly correlationId: number;
  readonly frame: Frame;
  readonly resolve: (response: object) => void;
  readonly reject: (error: Error) => void;
  readonly deadline: Timer;
};

/** What is kept of a call once it is sent; without a caller after its deadline, until the answer comes. */
export type SentCall = { readonly call: Call; readonly sentMs: number; isAbandoned: boolean };
