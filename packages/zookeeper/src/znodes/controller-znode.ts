/**
 * `/controller`, ephemeral: which broker is the controller.
 *
 *   {"version":2,"brokerid":1,"timestamp":"1795255563177","kraftControllerEpoch":-1}
 *
 * The last key is -1 in a ZooKeeper cluster; version 1 lacks it. Source: Kafka's ControllerZNode.
 */
import { type BrokerId, brokerId } from '@barnabas/model';
import { natural } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

export const CONTROLLER_PATH = '/controller';

/** The controller's id. @throws MalformedZnodeError */
export function decodeController(data: Uint8Array | null): BrokerId {
  return brokerId(readJson(CONTROLLER_PATH, data).required('brokerid', natural));
}

/** @param nowMs when it was elected */
export function encodeController(id: BrokerId, nowMs: number): Uint8Array {
  return writeJson({ version: 2, brokerid: id, timestamp: `${nowMs}`, kraftControllerEpoch: -1 });
}
