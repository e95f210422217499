/** Changes single values of the dynamic configuration of topics and brokers (KIP-339). */
import { array, bool, int8, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AlteredConfigResource } from './altered-config-resource.ts';

const ConfigAlteration = struct({
  name: string('0+'),
  /** 0 set, 1 reset, 2 append to a list, 3 remove from a list. */
  configOperation: int8('0+'),
  value: string('0+', { nullable: '0+' }),
});

const ConfigResourceToAlter = struct({
  /** 2 a topic, 4 a broker, 8 the loggers of a broker, 16 client metrics. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  configs: array('0+', ConfigAlteration),
});

export const IncrementalAlterConfigsRequest = message('IncrementalAlterConfigsRequest', '0-1', '1+', {
  resources: array('0+', ConfigResourceToAlter),
  validateOnly: bool('0+'),
});
export type IncrementalAlterConfigsRequest = TypeOf<typeof IncrementalAlterConfigsRequest>;

export const IncrementalAlterConfigsResponse = message('IncrementalAlterConfigsResponse', '0-1', '1+', {
  throttleTimeMs: int32('0+'),
  responses: array('0+', AlteredConfigResource),
});
export type IncrementalAlterConfigsResponse = TypeOf<typeof IncrementalAlterConfigsResponse>;
