/** Sets and removes client quotas (KIP-546). Each entry succeeds or fails as a whole. */
import { array, bool, float64, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { ClientQuotaEntity } from './client-quota-entity.ts';

const QuotaOperation = struct({
  key: string('0+'),
  value: float64('0+'),
  /** The quota is taken away, whatever `value` is. */
  remove: bool('0+'),
});

const QuotaAlteration = struct({
  entity: array('0+', ClientQuotaEntity),
  ops: array('0+', QuotaOperation),
});

export const AlterClientQuotasRequest = message('AlterClientQuotasRequest', '0-1', '1+', {
  entries: array('0+', QuotaAlteration),
  validateOnly: bool('0+'),
});
export type AlterClientQuotasRequest = TypeOf<typeof AlterClientQuotasRequest>;

const QuotaAlterationResult = struct({
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  entity: array('0+', ClientQuotaEntity),
});

export const AlterClientQuotasResponse = message('AlterClientQuotasResponse', '0-1', '1+', {
  throttleTimeMs: int32('0+'),
  entries: array('0+', QuotaAlterationResult),
});
export type AlterClientQuotasResponse = TypeOf<typeof AlterClientQuotasResponse>;
