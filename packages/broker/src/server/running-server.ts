import type { BrokerId } from '@barnabas/model';

/** A broker that serves. */
export interface RunningServer {
  readonly brokerId: BrokerId;
  readonly clusterId: string;
  /** Where it listens, by the name of the listener; those that are open. */
  readonly listeners: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
  /** Resolves when it has failed, as when its last log directory has; it is still to be closed. */
  readonly failed: Promise<Error>;
  /** Hands over what it leads, and stops cleanly. */
  close(): Promise<void>;
}
