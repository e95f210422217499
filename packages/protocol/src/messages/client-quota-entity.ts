import { string, struct } from '../schema/field.ts';

/** A part of what a quota is for: a `user`, a `client-id` or an `ip`, and its name; null stands for the default one. */
export const ClientQuotaEntity = struct({
  entityType: string('0+'),
  entityName: string('0+', { nullable: '0+' }),
});
