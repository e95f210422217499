import { producerId } from '@barnabas/model';
import { buildBatch, crcOf } from '@barnabas/protocol';

export type ProducerIdentity = { readonly id: bigint; readonly epoch: number };

/** A batch to be sent, any number of times; told from all others by its checksum. */
export type OutgoingBatch = {
  readonly bytes: Buffer;
  readonly crc: number;
  readonly count: number;
  readonly sequence: number;
};

/** Each value says whose it is, and the how-manieth. */
export function outgoing(
  name: string,
  first: number,
  count: number,
  about: { readonly timestampMs: number; readonly sequence: number; readonly identity: ProducerIdentity | undefined },
): OutgoingBatch {
  const { identity, sequence, timestampMs } = about;
  const bytes = buildBatch({
    records: Array.from({ length: count }, (_, index) => ({
      timestamp: timestampMs,
      key: null,
      value: Buffer.from(`${name}:${first + index}`),
      headers: [],
    })),
    ...(identity !== undefined && {
      producerId: producerId(Number(identity.id)),
      producerEpoch: identity.epoch,
      baseSequence: sequence,
    }),
  });
  return { bytes, crc: crcOf(bytes), count, sequence };
}
