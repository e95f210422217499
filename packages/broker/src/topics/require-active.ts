import { KafkaError } from '@barnabas/model';

/**
 * What changes topics is done by the controller alone; Metadata says who that is.
 *
 * @throws KafkaError NOT_CONTROLLER
 */
export function requireActive(isActive: () => boolean): void {
  if (!isActive()) throw new KafkaError('NOT_CONTROLLER', 'This broker is not the controller; nothing was changed.');
}
