/** A record of a partition, with the bytes that its producer gave. */
export class ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Uint8Array | null;
  /** `null` is a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];

  constructor(fields: Omit<ReadRecord, 'text' | 'json'>) {
    this.topic = fields.topic;
    this.partition = fields.partition;
    this.offset = fields.offset;
    this.timestamp = fields.timestamp;
    this.key = fields.key;
    this.value = fields.value;
    this.headers = fields.headers;
  }

  /** The value as UTF-8; of a tombstone an empty string. @throws TypeError where it is not UTF-8 */
  text(): string {
    return this.value === null ? '' : UTF8.decode(this.value);
  }

  /** The value as JSON; of a tombstone null. @throws SyntaxError or TypeError where it is none */
  json(): unknown {
    return this.value === null ? null : JSON.parse(this.text());
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
