/**
 * `/feature`: the features that the whole cluster has agreed on. A ZooKeeper controller creates it with none.
 *
 *   {"features":{"f":{"max_version_level":1}},"version":2,"status":1}
 *
 * `status` is 1, or 0 where features are not in use. Version 1 also has `min_version_level` of each feature, which is
 * passed over. Source: Kafka's FeatureZNode, KIP-584.
 */
import { type Fields, integer, mapOf, object } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { inImmutableMapOrder } from './order/scala-map-order.ts';

export const FEATURE_PATH = '/feature';

export type FeatureZnode = {
  readonly isEnabled: boolean;
  /** Version levels by feature. */
  readonly features: ReadonlyMap<string, number>;
};

const INT16_MAX = 32767;
const level = integer(1, INT16_MAX);

/** @throws MalformedZnodeError */
export function decodeFeature(data: Uint8Array | null): FeatureZnode {
  const json = readJson(FEATURE_PATH, data);
  json.required('version', integer(1, 2));
  const levels = Array.from(json.required('features', mapOf(object)), ([name, feature]): [string, number] => [
    name,
    levelOf(feature),
  ]);
  return { isEnabled: json.required('status', integer(0, 1)) === 1, features: new Map(levels) };
}

export function encodeFeature({ isEnabled, features }: FeatureZnode): Uint8Array {
  const levels = Array.from(features, ([name, level]) => [name, { max_version_level: level }] as const);
  return writeJson({ features: new Map(inImmutableMapOrder(levels)), version: 2, status: isEnabled ? 1 : 0 });
}

function levelOf(feature: Fields): number {
  return feature.required('max_version_level', level);
}
