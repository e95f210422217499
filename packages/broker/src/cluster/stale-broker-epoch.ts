import type { BrokerEpoch } from '@barnabas/model';

/**
 * Whether a control request was meant for an earlier registration of this broker: STALE_BROKER_EPOCH. A later epoch than
 * the one known here is right: the controller can hear of a registration before the broker that made it (KAFKA-9839). -1 is
 * a controller that does not say.
 */
export const isStaleBrokerEpoch = (asked: bigint, own: BrokerEpoch | undefined): boolean =>
  asked !== -1n && own !== undefined && asked < BigInt(own);
