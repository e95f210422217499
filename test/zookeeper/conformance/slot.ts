import type { SessionKey } from '../../support/zookeeper/attach.ts';
import type { RawClient } from '../../support/zookeeper/raw-client.ts';

/** One of the clients of a sequence. */
export type Slot = {
  readonly name: string;
  client: RawClient | undefined;
  session: SessionKey | undefined;
  /** Last zxid that it has been told. */
  lastZxid: number;
};

export const newSlot = (name: string): Slot => ({ name, client: undefined, session: undefined, lastZxid: 0 });
