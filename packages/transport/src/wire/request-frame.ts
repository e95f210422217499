/**
 * A request in a frame, as on Kafka's own port: a RequestHeader (version 1; 2 for flexible versions of an API; 0 for one
 * old message), then the request.
 */
import {
  type AnyMessage,
  type Api,
  type ApiName,
  apiByKey,
  ByteReader,
  RequestHeader,
  requestHeaderVersion,
} from '@barnabas/protocol';
import { type Frame, frameOf } from './frame.ts';
import { MalformedFrameError } from './malformed-frame-error.ts';

export type IncomingRequest = {
  readonly api: Api<ApiName>;
  readonly version: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly request: object;
};

/** @throws UnencodableMessageError, UnsupportedMessageVersionError */
export const encodeRequest = (
  api: Api<ApiName, AnyMessage, AnyMessage>,
  version: number,
  { correlationId, clientId }: { readonly correlationId: number; readonly clientId: string },
  request: object,
): Frame =>
  frameOf((writer) => {
    RequestHeader.write(requestHeaderVersion(api, version), writer, {
      requestApiKey: api.key,
      requestApiVersion: version,
      correlationId,
      clientId,
    });
    api.request.write(version, writer, request);
  });

/**
 * @param maxElements of all arrays of the request together
 * @throws MalformedFrameError for an unknown API or version, or bytes that are no such request
 */
export const decodeRequest = (frame: Buffer, maxElements = Number.POSITIVE_INFINITY): IncomingRequest => {
  if (frame.length < 4) throw new MalformedFrameError(`a frame of ${frame.length} bytes is no request`);
  const key = frame.readInt16BE(0);
  const version = frame.readInt16BE(2);
  const api = apiByKey(key);
  if (api === undefined) throw new MalformedFrameError(`no API has the key ${key}`);
  if (version < api.versions.min || version > api.versions.max) {
    throw new MalformedFrameError(`${api.name} has no version ${version}`);
  }
  try {
    const reader = new ByteReader(frame);
    reader.limitElements(maxElements);
    const { correlationId, clientId } = RequestHeader.read(requestHeaderVersion(api, version), reader);
    return { api, version, correlationId, clientId, request: api.request.readAll(version, reader) };
  } catch (thrown) {
    throw new MalformedFrameError(`no request of ${api.name}: ${(thrown as Error).message}`, { cause: thrown });
  }
};
