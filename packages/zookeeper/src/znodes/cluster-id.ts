/**
 * `/cluster/id`: a random UUID, made by the first broker: `{"version":"1","id":"FmGHe7kwRFOa3HFOEU3YLA"}`. The version is
 * a string. Source: Kafka's ClusterIdZNode.
 */
import { text } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';

export const CLUSTER_PATH = '/cluster';
export const CLUSTER_ID_PATH = '/cluster/id';

/** @throws MalformedZnodeError */
export function decodeClusterId(data: Uint8Array | null): string {
  return readJson(CLUSTER_ID_PATH, data).required('id', text);
}

export function encodeClusterId(id: string): Uint8Array {
  return writeJson({ version: '1', id });
}
