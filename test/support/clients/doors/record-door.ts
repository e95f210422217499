/** A record as it goes in and comes out, whichever way. Bytes are base64; null is none. */
export type PlainRecord = {
  readonly key: string | null;
  readonly value: string | null;
  /** In their order; those of one name next to each other, as not every client keeps them apart. */
  readonly headers: readonly (readonly [name: string, value: string | null])[];
  /** Epoch ms. */
  readonly timestamp: number;
};

/** A way to write records to partition 0 of a topic, and to read them. */
export type RecordDoor = {
  readonly name: string;
  /** Resolves when all are acknowledged by all replicas in sync. */
  produce(topic: string, records: readonly PlainRecord[]): Promise<void>;
  /** That many, from the first one. */
  read(topic: string, count: number): Promise<readonly PlainRecord[]>;
};

export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** What it is in a `PlainRecord`. */
export const base64Of = (bytes: Buffer | null | undefined): string | null => bytes?.toString('base64') ?? null;
