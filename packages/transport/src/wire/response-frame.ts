/**
 * A response in a frame, as on Kafka's own port: a ResponseHeader (version 0; 1 for flexible versions of an API), then
 * the response. Both begin with the correlation id of the request.
 */
import { type Api, type ApiName, ByteReader, ResponseHeader, responseHeaderVersion } from '@barnabas/protocol';
import { type Frame, frameOf } from './frame.ts';
import { MalformedFrameError } from './malformed-frame-error.ts';

/** @throws UnencodableMessageError */
export const encodeResponse = (api: Api<ApiName>, version: number, correlationId: number, response: object): Frame =>
  frameOf((writer) => {
    ResponseHeader.write(responseHeaderVersion(api, version), writer, { correlationId });
    api.response.write(version, writer, response);
  });

/** @throws MalformedFrameError */
export const correlationIdOf = (frame: Buffer): number => {
  if (frame.length < 4) throw new MalformedFrameError(`a frame of ${frame.length} bytes is no response`);
  return frame.readInt32BE(0);
};

/** @throws MalformedFrameError */
export const decodeResponse = (api: Api<ApiName>, version: number, frame: Buffer): object => {
  try {
    const reader = new ByteReader(frame);
    ResponseHeader.read(responseHeaderVersion(api, version), reader);
    return api.response.readAll(version, reader);
  } catch (thrown) {
    throw new MalformedFrameError(`no response of ${api.name}: ${(thrown as Error).message}`, { cause: thrown });
  }
};
