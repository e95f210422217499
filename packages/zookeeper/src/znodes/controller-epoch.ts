/**
 * `/controller_epoch`: how many controllers there have been, as bare decimal text: `1`. It is created with 0; who wins the
 * election raises it. Its version is what a controller's writes are checked against. Source: Kafka's ControllerEpochZNode.
 */
import { type ControllerEpoch, controllerEpoch } from '@barnabas/model';
import { readDecimal } from './json/read-znode.ts';

export const CONTROLLER_EPOCH_PATH = '/controller_epoch';

export const MAX_CONTROLLER_EPOCH = 2147483647;

/** @throws MalformedZnodeError */
export function decodeControllerEpoch(data: Uint8Array | null): ControllerEpoch {
  return controllerEpoch(readDecimal(CONTROLLER_EPOCH_PATH, data, 0, MAX_CONTROLLER_EPOCH));
}

export function encodeControllerEpoch(epoch: ControllerEpoch): Uint8Array {
  return Buffer.from(`${epoch}`);
}
