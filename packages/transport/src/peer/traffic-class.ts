import type { ApiName } from '@barnabas/protocol';

/**
 * Requests of one class share a connection and its one stream; classes do not wait for each other.
 * `control`: what a controller tells a broker, handled one after the other; `fetch`: followers' fetches, which wait at
 * the leader for something to come; `general`: all the rest.
 */
export const TRAFFIC_CLASSES = ['control', 'fetch', 'general'] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

const CLASSES: Partial<Record<ApiName, TrafficClass>> = {
  LeaderAndIsr: 'control',
  StopReplica: 'control',
  UpdateMetadata: 'control',
  Fetch: 'fetch',
};

export const trafficClassOf = (api: ApiName): TrafficClass => CLASSES[api] ?? 'general';

export const isTrafficClass = (name: string): name is TrafficClass =>
  (TRAFFIC_CLASSES as readonly string[]).includes(name);
