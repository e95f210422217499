import type { SessionView } from '../four-letter/server-view.ts';
import { Latency } from './latency.ts';
import { OP_LABELS } from './op-label.ts';

/** A request that was executed, until its answer is sent. */
export type Executed = { readonly op: keyof typeof OP_LABELS; readonly startedMs: number };

/** What one connection has come to: what `cons` tells of it. */
export class ConnectionRecord {
  received = 0;
  sent = 0;
  session: { readonly id: bigint; readonly timeoutMs: number } | undefined;
  readonly #establishedMs: number;
  readonly #latency = new Latency();
  #lastOp: string = OP_LABELS.unknown;
  #lastCxid: number | undefined;
  #lastZxid = 0;
  #lastResponseMs = 0;
  #lastLatencyMs = 0;

  constructor(nowMs: number) {
    this.#establishedMs = nowMs;
  }

  /** The answer to `executed` is sent; `xid` is that of the answer. */
  answered(executed: Executed, xid: number, zxid: number, steadyMs: number): void {
    // Those of pings and the like are not the client's own.
    if (xid >= 0) this.#lastCxid = xid;
    this.#lastZxid = zxid;
    this.#lastOp = OP_LABELS[executed.op];
    this.#lastResponseMs = steadyMs;
    this.#lastLatencyMs = steadyMs - executed.startedMs;
    this.#latency.add(this.#lastLatencyMs);
  }

  /** Undefined before the handshake. */
  sessionView(): SessionView | undefined {
    return (
      this.session && {
        ...this.session,
        establishedMs: this.#establishedMs,
        lastOp: this.#lastOp,
        lastCxid: this.#lastCxid,
        lastZxid: this.#lastZxid,
        lastResponseMs: this.#lastResponseMs,
        lastLatencyMs: this.#lastLatencyMs,
        latency: this.#latency,
      }
    );
  }
}
