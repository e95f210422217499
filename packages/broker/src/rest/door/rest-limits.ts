/** What one client, or all of them, may take of the REST door; each number with its reason. */
export type RestLimits = {
  /** Of one request. Larger than a batch may be by default (1 MiB), so that many records fit into one request. */
  readonly bodyBytes: number;
  /** Of one that is parsed as a whole, as a topic is: whose description is to fit into ZooKeeper, and parsing holds up all else. */
  readonly jsonBodyBytes: number;
  /** Of all requests that are being read or worked on: what a flood of large ones can make the broker hold. */
  readonly allBodiesBytes: number;
  /** Of a request line with its headers. Record headers travel there, and Node gives it to each connection up front. */
  readonly httpHeaderBytes: number;
  /** Of one request: what is answered for each of them stays a few MiB. */
  readonly recordsPerRequest: number;
  /** Of the keys, values and headers in one batch: below Kafka's default `max.message.bytes` (1,048,588) with what a batch adds. */
  readonly batchBytes: number;
  /** Of the records that one read answers, when it does not say. */
  readonly readBytesDefault: number;
  /** Base64 and escapes make at most six times as much of it. */
  readonly readBytesMax: number;
  readonly readRecordsDefault: number;
  readonly readRecordsMax: number;
  /** Of one batch's records: a small compressed batch may claim to hold gigabytes. */
  readonly decompressedBatchBytes: number;
  /** How long a read may wait for something to come: below what proxies allow an idle connection, often 60 s. */
  readonly waitMsMax: number;
  /** Streams and waiting reads at once: each holds a socket, a timer and a fetch. */
  readonly waitingReaders: number;
  /**
   * Waiting fetches from one other broker at once. They share its stream of fetches with the followers', of which it
   * works on 256 at a time.
   */
  readonly remoteFetchesPerBroker: number;
  /** How long a fetch from another broker may wait while others are queueing for their turn. */
  readonly contendedWaitMs: number;
  /** Of a topic that is read as a whole: its position travels in a header, with up to 8 bytes of each. */
  readonly partitionsPerRead: number;
  /** How long a reader of a whole topic lets leaders that answer wait for those that do not. */
  readonly slowLeaderMs: number;
  /** A silent stream says so this often, so that nothing on the way takes it for dead. */
  readonly heartbeatMs: number;
  /** How long a request to this cluster may take, when it does not say: Kafka's `request.timeout.ms`. */
  readonly requestTimeoutMs: number;
  readonly requestTimeoutMsMax: number;
  /** How long a topic that this broker has not heard of may yet turn up: it may have been created a moment ago elsewhere. */
  readonly unknownTopicWaitMs: number;
  /** Between two attempts at what failed for now, unless the cluster changes earlier. */
  readonly retryDelayMs: number;
  readonly connections: number;
  /** For the headers of a request to arrive, and for all of it: what a slow sender can hold. */
  readonly headersTimeoutMs: number;
  readonly wholeRequestTimeoutMs: number;
  /** A connection on which nothing moves is dropped: a reader that does not read. Longer than any answer may take. */
  readonly silentConnectionMs: number;
  /** An idle connection is kept for the next request: longer than the 60 s after which most clients drop theirs. */
  readonly keepAliveMs: number;
  /** For requests under way when the door closes. */
  readonly closeTimeoutMs: number;
};

const KIB = 1024;
const MIB = 1024 * KIB;

export const REST_LIMITS: RestLimits = {
  bodyBytes: 8 * MIB,
  jsonBodyBytes: MIB,
  allBodiesBytes: 128 * MIB,
  httpHeaderBytes: 16 * KIB,
  recordsPerRequest: 10_000,
  batchBytes: 1_000_000,
  readBytesDefault: MIB,
  readBytesMax: 8 * MIB,
  readRecordsDefault: 1_000,
  readRecordsMax: 50_000,
  decompressedBatchBytes: 64 * MIB,
  waitMsMax: 30_000,
  waitingReaders: 1_000,
  remoteFetchesPerBroker: 64,
  contendedWaitMs: 250,
  partitionsPerRead: 1_000,
  slowLeaderMs: 1_000,
  heartbeatMs: 15_000,
  requestTimeoutMs: 30_000,
  requestTimeoutMsMax: 60_000,
  unknownTopicWaitMs: 500,
  retryDelayMs: 100,
  connections: 10_000,
  headersTimeoutMs: 10_000,
  wholeRequestTimeoutMs: 60_000,
  silentConnectionMs: 90_000,
  keepAliveMs: 72_000,
  closeTimeoutMs: 5_000,
};
