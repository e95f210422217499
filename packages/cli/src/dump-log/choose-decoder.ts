import { UsageError } from '../usage-error.ts';
import { offsetsDecoder } from './offsets-decoder.ts';
import { type PlainType, plainDecoder } from './plain-decoder.ts';
import type { RecordDecoder } from './record-text.ts';
import { transactionDecoder } from './transaction-decoder.ts';

/** The flags that choose a decoder. A class is `true` where its flag stands without one. */
export type DecoderFlags = {
  readonly keyDecoderClass?: string | true;
  readonly valueDecoderClass?: string | true;
  readonly offsetsDecoder?: true;
  readonly transactionLogDecoder?: true;
  readonly clusterMetadataDecoder?: true;
  readonly remoteLogMetadataDecoder?: true;
  readonly shareGroupStateDecoder?: true;
};

/** `isAskedFor`: a flag names a decoder, which means that contents are to be printed. */
export type ChosenDecoder = {
  readonly decoder: RecordDecoder;
  readonly notices: readonly string[];
  readonly isAskedFor: boolean;
};

const PLAIN_TYPES: ReadonlyMap<string, PlainType> = new Map([
  ['StringDecoder', 'string'],
  ['IntegerDecoder', 'int32'],
  ['LongDecoder', 'int64'],
]);
const CLASS_NAME = /^(org\.apache\.kafka\.tools\.api|kafka\.serializer)\.(\w+)$/;

/** The decoder that Kafka's tool would take for these flags. Throws UsageError for one that is not to be had. */
export const decoderFor = (flags: DecoderFlags): ChosenDecoder => {
  refuseForeign(flags);
  if (flags.offsetsDecoder) return { decoder: offsetsDecoder, notices: [], isAskedFor: true };
  if (flags.transactionLogDecoder) return { decoder: transactionDecoder, notices: [], isAskedFor: true };
  const { keyDecoderClass, valueDecoderClass } = flags;
  const value = plainTypeOf('--value-decoder-class', valueDecoderClass);
  const key = plainTypeOf('--key-decoder-class', keyDecoderClass);
  return {
    decoder: plainDecoder(key, value),
    notices: [valueDecoderClass, keyDecoderClass].flatMap(deprecationOf),
    isAskedFor: keyDecoderClass !== undefined || valueDecoderClass !== undefined,
  };
};

/** Logs that a cluster of ours does not have. */
const refuseForeign = (flags: DecoderFlags): void => {
  if (flags.clusterMetadataDecoder) {
    throw new UsageError('--cluster-metadata-decoder: a ZooKeeper-mode cluster has no log of cluster metadata');
  }
  if (flags.remoteLogMetadataDecoder) {
    throw new UsageError('--remote-log-metadata-decoder: there is no tiered storage here, and no log of its metadata');
  }
  if (flags.shareGroupStateDecoder) {
    throw new UsageError('--share-group-state-decoder: a ZooKeeper-mode cluster has no share groups');
  }
};

const plainTypeOf = (flag: string, className: string | true | undefined): PlainType => {
  if (className === undefined || className === true) return 'string';
  const type = PLAIN_TYPES.get(CLASS_NAME.exec(className)?.[2] ?? '');
  if (type !== undefined) return type;
  const known = [...PLAIN_TYPES.keys()].map((name) => `org.apache.kafka.tools.api.${name}`);
  throw new UsageError(`${flag} ${className}: no Java class can be loaded here; known are ${known.join(', ')}`);
};

/** What Kafka says before each log where a class is named as it was until 3.7. */
const deprecationOf = (className: string | true | undefined): string[] => {
  const [, packageName, name] = CLASS_NAME.exec(String(className)) ?? [];
  if (packageName !== 'kafka.serializer') return [];
  return [`${className} is deprecated. Please use org.apache.kafka.tools.api.${name} instead`];
};
