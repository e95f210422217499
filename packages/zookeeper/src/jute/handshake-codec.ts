/**
 * The first frame of each side.
 *
 *   request    protocolVersion int32 | lastZxidSeen int64 | timeOut int32 | sessionId int64 | passwd bytes [| readOnly]
 *   response   protocolVersion int32 | timeOut int32 | sessionId int64 | passwd bytes [| readOnly]
 *
 * readOnly is a boolean that clients older than 3.4 neither send nor expect; a server of that age answers without it.
 */
import type { ConnectRequest, ConnectResponse } from '../operation/handshake.ts';
import { encodeFrame } from './frame.ts';
import { JuteReader } from './jute-reader.ts';

/** @throws MalformedJuteError */
export function decodeConnectRequest(frame: Uint8Array): ConnectRequest {
  const reader = new JuteReader(frame);
  return {
    protocolVersion: reader.int32(),
    lastZxidSeen: reader.safeInt64(),
    timeoutMs: reader.int32(),
    sessionId: reader.int64(),
    password: reader.bytes(),
    ...readReadOnly(reader),
  };
}

export function encodeConnectRequest(request: ConnectRequest): Buffer {
  return encodeFrame((writer) => {
    writer.int32(request.protocolVersion);
    writer.safeInt64(request.lastZxidSeen);
    writer.int32(request.timeoutMs);
    writer.int64(request.sessionId);
    writer.bytes(request.password);
    if (request.readOnly !== undefined) writer.boolean(request.readOnly);
  });
}

/** @throws MalformedJuteError */
export function decodeConnectResponse(frame: Uint8Array): ConnectResponse {
  const reader = new JuteReader(frame);
  return {
    protocolVersion: reader.int32(),
    timeoutMs: reader.int32(),
    sessionId: reader.int64(),
    password: reader.bytes() ?? Buffer.alloc(0),
    ...readReadOnly(reader),
  };
}

export function encodeConnectResponse(response: ConnectResponse): Buffer {
  return encodeFrame((writer) => {
    writer.int32(response.protocolVersion);
    writer.int32(response.timeoutMs);
    writer.int64(response.sessionId);
    writer.bytes(response.password);
    if (response.readOnly !== undefined) writer.boolean(response.readOnly);
  });
}

function readReadOnly(reader: JuteReader): { readonly readOnly?: boolean } {
  return reader.remainingBytes === 0 ? {} : { readOnly: reader.boolean() };
}
