import { type BrokerId, KafkaError } from '@barnabas/model';

/** The id of a broker is taken by another session: an earlier life of it that has yet to expire, or another process. */
export class BrokerIdInUseError extends KafkaError {
  readonly brokerId: BrokerId;
  /** Of the holder; 0n where the znode is not ephemeral, and will not go by itself. */
  readonly holderSessionId: bigint;
  /** If the holder has died, its znode is gone after this time; it is for a holder with a session timeout like ours. */
  readonly waitMs: number;

  constructor(id: BrokerId, holderSessionId: bigint, holder: string, waitMs: number) {
    const end =
      holderSessionId === 0n
        ? 'the znode is not ephemeral and has to be deleted by hand'
        : `if that process is dead, its znode is gone within ${waitMs} ms`;
    super(
      'DUPLICATE_BROKER_REGISTRATION',
      `broker id ${id} is taken by session 0x${holderSessionId.toString(16)} (${holder}); ${end}`,
    );
    this.brokerId = id;
    this.holderSessionId = holderSessionId;
    this.waitMs = waitMs;
  }
}
