/** What belongs together as one API: its number, its two messages, and the headers in front of them. */
import type { Message } from '../schema/message.ts';
import type { VersionRange } from '../schema/versions.ts';

/** A message of any type. */
export type AnyMessage = Message<object, object>;

export type Api<
  Name extends string = string,
  Req extends AnyMessage = AnyMessage,
  Res extends AnyMessage = AnyMessage,
> = {
  readonly name: Name;
  readonly key: number;
  readonly request: Req;
  readonly response: Res;
  /** Of both messages. */
  readonly versions: VersionRange;
  /** Versions with compact lengths and tagged fields in both messages; empty where there are none. */
  readonly flexibleVersions: VersionRange;
  /** For brokers alone: whoever asks needs CLUSTER_ACTION on the cluster. */
  readonly clusterAction: boolean;
};

const API_VERSIONS_KEY = 18;
const CONTROLLED_SHUTDOWN_KEY = 7;

/**
 * Version of the RequestHeader in front of a request. A version that the API does not have counts as a flexible one if
 * it is above the first, so that a request of a newer client can be answered.
 */
export const requestHeaderVersion = (api: Api, version: number): 0 | 1 | 2 => {
  if (api.request.isFlexible(version)) return 2;
  return api.key === CONTROLLED_SHUTDOWN_KEY && version === 0 ? 0 : 1;
};

/** Version of the ResponseHeader in front of a response. ApiVersions has 0 always: its client may not know the version yet. */
export const responseHeaderVersion = (api: Api, version: number): 0 | 1 =>
  api.key !== API_VERSIONS_KEY && api.response.isFlexible(version) ? 1 : 0;
