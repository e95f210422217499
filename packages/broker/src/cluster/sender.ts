import type { UpdateMetadataRequest } from '@barnabas/protocol';

/** Under which term a controller speaks, and to which registration of this broker. */
export type Sender = Pick<UpdateMetadataRequest, 'controllerEpoch' | 'brokerEpoch'>;

/**
 * Whether the one speaks in a later term, or to a later registration, and not in an earlier one of either: a request that was held up
 * on its way may come after the first of the next registration, which this broker may not know of yet itself (KAFKA-9839).
 */
export const isLaterSender = (one: Sender, other: Sender): boolean =>
  one.brokerEpoch >= other.brokerEpoch &&
  one.controllerEpoch >= other.controllerEpoch &&
  (one.brokerEpoch > other.brokerEpoch || one.controllerEpoch > other.controllerEpoch);
