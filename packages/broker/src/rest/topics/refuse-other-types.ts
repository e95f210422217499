import { type ErrorName, KafkaError } from '@barnabas/model';
import { badRequest } from '../http/rest-error.ts';

const NUMBERS: readonly (readonly [name: string, error: ErrorName])[] = [
  ['partitions', 'INVALID_PARTITIONS'],
  ['replicationFactor', 'INVALID_REPLICATION_FACTOR'],
];

/**
 * Refuses a description of a topic whose fields are of other types than they should be. The schema's validator does not:
 * it makes 3 of "3", 1 of true, and 0 or nothing of null.
 *
 * @throws KafkaError
 */
export const refuseOtherTypes = (body: unknown): void => {
  if (!isObject(body)) throw badRequest('the body has to be an object');
  for (const [name, error] of NUMBERS) {
    if (Object.hasOwn(body, name) && typeof body[name] !== 'number') {
      throw new KafkaError(error, `${name} has to be a number, not ${JSON.stringify(body[name])?.slice(0, 100)}`);
    }
  }
  if (!Object.hasOwn(body, 'configs')) return;
  if (!isObject(body.configs))
    throw new KafkaError('INVALID_CONFIG', 'configs has to be an object of names and values');
  for (const [name, value] of Object.entries(body.configs)) refuseValue(name, value);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuseValue = (name: string, value: unknown): void => {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new KafkaError('INVALID_CONFIG', `${name}: so large a number loses digits; write it as a string`);
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return;
  throw new KafkaError('INVALID_CONFIG', `${name}: it has to be a string, a number, true or false`);
};
