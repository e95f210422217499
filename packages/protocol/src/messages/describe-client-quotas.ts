/** The quotas of the entities that match all components of a filter (KIP-546). */
import { array, bool, float64, int8, int16, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { ClientQuotaEntity } from './client-quota-entity.ts';

const QuotaFilterComponent = struct({
  entityType: string('0+'),
  /** 0 the entity named in `match`, 1 the default entity, 2 any entity of the type. */
  matchType: int8('0+'),
  match: string('0+', { nullable: '0+' }),
});

export const DescribeClientQuotasRequest = message('DescribeClientQuotasRequest', '0-1', '1+', {
  components: array('0+', QuotaFilterComponent),
  /** Leaves out entities with components that the filter does not name. */
  strict: bool('0+'),
});
export type DescribeClientQuotasRequest = TypeOf<typeof DescribeClientQuotasRequest>;

const QuotaValue = struct({
  key: string('0+'),
  value: float64('0+'),
});

const DescribedQuota = struct({
  entity: array('0+', ClientQuotaEntity),
  values: array('0+', QuotaValue),
});

export const DescribeClientQuotasResponse = message('DescribeClientQuotasResponse', '0-1', '1+', {
  throttleTimeMs: int32('0+'),
  errorCode: int16('0+'),
  errorMessage: string('0+', { nullable: '0+' }),
  entries: array('0+', DescribedQuota, { nullable: '0+' }),
});
export type DescribeClientQuotasResponse = TypeOf<typeof DescribeClientQuotasResponse>;
