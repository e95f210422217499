import { int8, int16, string, struct } from '../schema/field.ts';

/** What became of the changes to the configuration of one topic or broker. */
export const AlteredConfigResource = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  resourceType: int8('0+'),
  resourceName: string('0+'),
});
