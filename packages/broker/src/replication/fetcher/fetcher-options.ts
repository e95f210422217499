import type { BrokerEpoch, BrokerId, Clock, Random, Scheduler } from '@barnabas/model';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import type { Peers } from '../../peers/peers.ts';

export type FetcherLimits = {
  /** `replica.fetch.wait.max.ms`: how long a leader holds a fetch back while there is nothing to answer. */
  readonly maxWaitMs: number;
  /** `replica.fetch.min.bytes`. */
  readonly minBytes: number;
  /** `replica.fetch.max.bytes`, of one partition in an answer. */
  readonly partitionMaxBytes: number;
  /** `replica.fetch.response.max.bytes`. */
  readonly responseMaxBytes: number;
  /** `replica.fetch.backoff.ms`: the longest pause after an error of one partition; the first is a 32nd of it. */
  readonly backOffMs: number;
  /** `replica.socket.timeout.ms`: how long a leader may keep silent, beyond `maxWaitMs`. */
  readonly requestTimeoutMs: number;
  /** `num.replica.fetchers`, for each leader. */
  readonly fetchersPerLeader: number;
};

export type FetcherOptions = {
  readonly brokerId: BrokerId;
  /** Of the last registration; nothing is fetched before there is one (rule 1). */
  readonly brokerEpoch: () => BrokerEpoch | undefined;
  readonly peers: Peers;
  readonly limits: FetcherLimits;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly metrics: BrokerMetrics;
  readonly log: Logger;
};
