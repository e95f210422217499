import type { BrokerProperties } from '@barnabas/model';

/** What connections may take of this broker. */
export type KafkaLimits = {
  /** Of one request: `socket.request.max.bytes`. */
  readonly requestBytes: number;
  /** A connection on which nothing moves for as long is closed; negative: never. `connections.max.idle.ms`. */
  readonly idleMs: number;
  /** Answers that wait to be read. Beyond this no more requests are taken; what runs by then may still add to it. */
  readonly waitingBytes: number;
  /** The same of all connections of a door; beyond this the slowest are dropped. */
  readonly allWaitingBytes: number;
  /** Produces of one connection that wait for their replicas at once. */
  readonly pipelinedProduces: number;
  /** For a TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** For answers that are under way when the door closes. */
  readonly closeTimeoutMs: number;
  /** Connections that wait to be accepted: `socket.listen.backlog.size`. */
  readonly backlog: number;
};

export const KAFKA_LIMITS = {
  waitingBytes: 1024 * 1024,
  allWaitingBytes: 256 * 1024 * 1024,
  /** As many as producers send before they have an answer, by default. */
  pipelinedProduces: 5,
  handshakeTimeoutMs: 30_000,
  closeTimeoutMs: 3_000,
};

export const kafkaLimits = (properties: BrokerProperties): KafkaLimits => ({
  ...KAFKA_LIMITS,
  requestBytes: properties.socketRequestMaxBytes,
  idleMs: properties.connectionsMaxIdleMs,
  backlog: properties.socketListenBacklogSize,
});
