/**
 * Between codec and handler: an int64 is a bigint in a message and a safe integer here. What is larger than 2^53 - 1 means
 * nothing to this broker, so it comes out as undefined, and the handler has the error that its API has for it. In the other
 * direction nothing can go wrong. Each -1 that stands for "none" becomes undefined as well.
 */
import {
  type BrokerEpoch,
  brokerEpoch,
  type LeaderEpoch,
  leaderEpoch,
  type Offset,
  offset,
  type ProducerId,
  producerId,
} from '@barnabas/model';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** undefined for one that is negative or beyond 2^53 - 1. */
export const offsetFromWire = (value: bigint): Offset | undefined => mapped(naturalFromWire(value), offset);

/** The epoch of a broker's registration; undefined for -1, and for what can be no czxid here. */
export const brokerEpochFromWire = (value: bigint): BrokerEpoch | undefined =>
  mapped(naturalFromWire(value), brokerEpoch);

/** undefined for -1, a producer that has none, and for what can be no producer id here. */
export const producerIdFromWire = (value: bigint): ProducerId | undefined => mapped(naturalFromWire(value), producerId);

/** undefined for -1 and other negative numbers: the asker does not say. */
export const leaderEpochFromWire = (value: number): LeaderEpoch | undefined =>
  value < 0 ? undefined : leaderEpoch(value);

/** Epoch ms, or a negative number with a meaning of its own; undefined beyond ±(2^53 - 1). */
export const timestampFromWire = (value: bigint): number | undefined =>
  value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : undefined;

/** An offset, epoch, id or time for a message; -1 where there is none. */
export const int64ToWire = (value: number | undefined): bigint => (value === undefined ? -1n : BigInt(value));

const naturalFromWire = (value: bigint): number | undefined =>
  value >= 0n && value <= MAX_SAFE ? Number(value) : undefined;

const mapped = <T>(value: number | undefined, make: (value: number) => T): T | undefined =>
  value === undefined ? undefined : make(value);
