import { APIS, type FetchRequest } from '@barnabas/protocol';
import { decodeRequest, type IncomingRequest, MalformedFrameError } from '@barnabas/transport';
import type { ServedApi, ServedApis } from './served-apis.ts';

/** `unsupported`: an ApiVersions in a version that there is not, of which nothing but its number can be read. */
export type KafkaRequest =
  | { readonly kind: 'request'; readonly incoming: IncomingRequest; readonly served: ServedApi }
  | { readonly kind: 'unsupported'; readonly correlationId: number };

/** Key, version and correlation id are in front of every request of every version. */
const KEY_AT = 0;
const VERSION_AT = 2;
const CORRELATION_ID_AT = 4;
const FIXED_BYTES = 8;
/** Of one request. To read so many takes a fifth of a second, in which nothing else happens. */
export const MAX_REQUEST_ELEMENTS = 131_072;

/** @throws MalformedFrameError for what is not served, or is no request; its connection is of no more use */
export function decodeKafkaRequest(frame: Buffer, apis: ServedApis): KafkaRequest {
  if (frame.length < FIXED_BYTES) throw new MalformedFrameError(`a frame of ${frame.length} bytes is no request`);
  const key = frame.readInt16BE(KEY_AT);
  const version = frame.readInt16BE(VERSION_AT);
  const served = apis.get(key);
  if (served === undefined) throw new MalformedFrameError(`no API with the key ${key} is served here`);
  const { api, versions } = served;
  if (version >= versions.min && version <= versions.max) {
    return { kind: 'request', incoming: decodeRequest(frame, MAX_REQUEST_ELEMENTS), served };
  }
  if (api.name === 'ApiVersions') {
    return { kind: 'unsupported', correlationId: frame.readInt32BE(CORRELATION_ID_AT) };
  }
  throw new MalformedFrameError(`${api.name} is not served in version ${version}`);
}

/** The request, with a Fetch asking for no more than that. */
export function withinBytes({ api, request }: IncomingRequest, maxBytes: number): object {
  if (api.name !== 'Fetch' || (request as FetchRequest).maxBytes <= maxBytes) return request;
  return { ...request, maxBytes };
}

/** Whether a frame that has not been decoded yet says that it is a Produce. */
export const isProduce = (frame: Buffer): boolean =>
  frame.length >= FIXED_BYTES && frame.readInt16BE(KEY_AT) === APIS.Produce.key;
