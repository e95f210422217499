/** The configuration of topics and brokers, with where each value comes from. */
import { array, bool, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';

const ConfigResourceToDescribe = struct({
  /** 2 a topic, 4 a broker, 8 the loggers of a broker, 16 client metrics. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  /** Null: all of them. */
  configurationKeys: array('0+', string, { nullable: '0+' }),
});

export const DescribeConfigsRequest = message('DescribeConfigsRequest', '0-4', '4+', {
  resources: array('0+', ConfigResourceToDescribe),
  includeSynonyms: bool('1+', { default: false }),
  includeDocumentation: bool('3+', { default: false }),
});
export type DescribeConfigsRequest = TypeOf<typeof DescribeConfigsRequest>;

const ConfigSynonym = struct({
  name: string('1+'),
  value: string('1+', { nullable: '1+' }),
  source: int8('1+'),
});

const DescribedConfig = struct({
  name: string('0+'),
  /** Null also where it is sensitive. */
  value: string('0+', { nullable: '0+' }),
  readOnly: bool('0+'),
  isDefault: bool('0', { default: false }),
  /** 1 topic, 2 dynamic of the broker, 3 dynamic of all brokers, 4 static, 5 default, 6 broker logger, 7 client metrics. */
  configSource: int8('1+', { default: -1, ignorable: true }),
  isSensitive: bool('0+'),
  /** All places that give this configuration a value, in the order in which they are looked at. */
  synonyms: array('1+', ConfigSynonym, { ignorable: true }),
  /** 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password. */
  configType: int8('3+', { ignorable: true }),
  documentation: string('3+', { nullable: '3+', ignorable: true }),
});

const DescribedConfigResource = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  resourceType: int8('0+'),
  resourceName: string('0+'),
  configs: array('0+', DescribedConfig),
});

export const DescribeConfigsResponse = message('DescribeConfigsResponse', '0-4', '4+', {
  throttleTimeMs: int32('0+'),
  results: array('0+', DescribedConfigResource),
});
export type DescribeConfigsResponse = TypeOf<typeof DescribeConfigsResponse>;
