/**
 * `/brokers/seqid`: where brokers without an id of their own get one. Its data is empty: each set raises its version, and
 * the version is the sequence number. Source: Kafka's BrokerSequenceIdZNode.
 */
export const BROKER_SEQUENCE_ID_PATH = '/brokers/seqid';

/** What is set to raise the version. */
export const BROKER_SEQUENCE_ID_DATA: Uint8Array = new Uint8Array(0);
