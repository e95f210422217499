/**
 * What is known of a request that got no answer. `refused`: certainly not delivered, it may be sent again at once.
 * `unknown`: some or all of it was on its way; it may have been executed, may yet be, or may not. Whoever sent it reads
 * the state anew, or relies on the epochs in the request; the transport never sends anything twice.
 */
export type PeerOutcome = 'refused' | 'unknown';

/**
 * Why. `closed`: the client was closed; `overloaded`: too much is in flight; `too-large`: the frame is over the limit;
 * `deadline`: no answer in time; `unreachable`: no connection could be made; `disconnected`: it broke; `malformed`: the
 * peer sent what is no answer.
 */
export type PeerFailure =
  | 'closed'
  | 'overloaded'
  | 'too-large'
  | 'deadline'
  | 'unreachable'
  | 'disconnected'
  | 'malformed';

/** A request that got no answer. */
export class PeerError extends Error {
  readonly outcome: PeerOutcome;
  readonly failure: PeerFailure;

  constructor(outcome: PeerOutcome, failure: PeerFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.outcome = outcome;
    this.failure = failure;
  }
}
