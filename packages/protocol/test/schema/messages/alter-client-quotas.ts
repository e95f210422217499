import { array, bool, float64, int16, int32, string, struct } from '../../../src/schema/field.ts';
import { message } from '../../../src/schema/message.ts';

const EntityData = struct({
  entityType: string('0+'),
  entityName: string('0+', { nullable: '0+' }),
});

const OpData = struct({
  key: string('0+'),
  value: float64('0+'),
  remove: bool('0+'),
});

const EntryData = struct({
  entity: array('0+', EntityData),
  ops: array('0+', OpData),
});

export const AlterClientQuotasRequest = message('AlterClientQuotasRequest', '0-1', '1+', {
  entries: array('0+', EntryData),
  validateOnly: bool('0+'),
});

const EntityResponse = struct({
  entityType: string('0+'),
  entityName: string('0+', { nullable: '0+' }),
});

const EntryResponse = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  entity: array('0+', EntityResponse),
});

export const AlterClientQuotasResponse = message('AlterClientQuotasResponse', '0-1', '1+', {
  throttleTimeMs: int32('0+'),
  entries: array('0+', EntryResponse),
});
