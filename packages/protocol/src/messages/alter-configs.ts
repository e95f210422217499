/**
 * Replaces the whole dynamic configuration of a topic or broker: what is not named is reset. IncrementalAlterConfigs
 * takes its place.
 */
import { array, bool, int8, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { AlteredConfigResource } from './altered-config-resource.ts';

const ConfigValue = struct({
  name: string('0+'),
  value: string('0+', { nullable: '0+' }),
});

const ConfigResourceToAlter = struct({
  /** 2 a topic, 4 a broker, 8 the loggers of a broker, 16 client metrics. */
  resourceType: int8('0+'),
  resourceName: string('0+'),
  configs: array('0+', ConfigValue),
});

export const AlterConfigsRequest = message('AlterConfigsRequest', '0-2', '2+', {
  resources: array('0+', ConfigResourceToAlter),
  validateOnly: bool('0+'),
});
export type AlterConfigsRequest = TypeOf<typeof AlterConfigsRequest>;

export const AlterConfigsResponse = message('AlterConfigsResponse', '0-2', '2+', {
  throttleTimeMs: int32('0+'),
  responses: array('0+', AlteredConfigResource),
});
export type AlterConfigsResponse = TypeOf<typeof AlterConfigsResponse>;
