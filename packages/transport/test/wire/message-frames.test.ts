import { APIS } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/wire/frame.ts';
import { decodeRequest, encodeRequest } from '../../src/wire/request-frame.ts';
import { correlationIdOf, decodeResponse, encodeResponse } from '../../src/wire/response-frame.ts';

const bytesOf = ({ parts }: Frame): Buffer => Buffer.concat(parts);
const withoutSize = (frame: Frame): Buffer => bytesOf(frame).subarray(4);
const header = { correlationId: 7, clientId: 'b1' };
const heartbeat = { groupId: 'g', generationId: 3, memberId: 'm' };

describe('encodeRequest', () => {
  it('writes what Kafka reads: size, header version 1, request', () => {
    const frame = encodeRequest(APIS.Heartbeat, 0, header, heartbeat);
    expect(bytesOf(frame).toString('hex')).toBe(
      ['00000016', '000c0000', '00000007', '00026231', '000167', '00000003', '00016d'].join(''),
    );
    expect(frame.sizeBytes).toBe(26);
  });

  it('writes header version 2, with tagged fields, in front of a flexible request', () => {
    const frame = encodeRequest(APIS.Heartbeat, 4, header, heartbeat);
    expect(bytesOf(frame).toString('hex')).toBe(
      ['00000017', '000c0004', '00000007', '00026231', '00', '0267', '00000003', '026d', '00', '00'].join(''),
    );
  });

  it('keeps large bytes by reference', () => {
    const assignment = Buffer.alloc(100_000, 1);
    const request = { groupId: 'g', generationId: 1, memberId: 'm', assignments: [{ memberId: 'm', assignment }] };
    const frame = encodeRequest(APIS.SyncGroup, 5, header, request);
    expect(frame.parts).toContain(assignment);
    expect(bytesOf(frame).readInt32BE(0)).toBe(frame.sizeBytes - 4);
  });
});

describe('decodeRequest', () => {
  it.each([0, 1, 2, 3, 4])('reads a Heartbeat of version %d back', (version) => {
    const { api, clientId, correlationId, request } = decodeRequest(
      withoutSize(encodeRequest(APIS.Heartbeat, version, header, heartbeat)),
    );
    expect([api.name, clientId, correlationId]).toEqual(['Heartbeat', 'b1', 7]);
    expect(request).toMatchObject(heartbeat);
  });

  it.each([
    ['no API', '0fff 0000 00000001 ffff', 'no API has the key 4095'],
    ['no version', '000c 0063 00000001 ffff', 'Heartbeat has no version 99'],
    ['a negative version', '000c ffff 00000001 ffff', 'Heartbeat has no version -1'],
    ['too few bytes for a header', '000c', 'a frame of 2 bytes'],
    ['half a header', '000c0000 0000', 'no request of Heartbeat'],
    ['half a request', '000c0000 00000001 ffff 0005 61', 'no request of Heartbeat'],
    ['bytes behind the request', '000c0000 00000001 ffff 0000 00000000 0000 00', 'no request of Heartbeat'],
  ])('refuses %s', (_name, hex, message) => {
    expect(() => decodeRequest(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(message);
  });
});

describe('responses', () => {
  it.each([0, 1, 4])('come back in version %d', (version) => {
    const frame = withoutSize(encodeResponse(APIS.Heartbeat, version, 12, { errorCode: 27, throttleTimeMs: 0 }));
    expect(correlationIdOf(frame)).toBe(12);
    expect(decodeResponse(APIS.Heartbeat, version, frame)).toMatchObject({ errorCode: 27 });
  });

  it('that are cut short are refused', () => {
    const frame = withoutSize(encodeResponse(APIS.Heartbeat, 1, 12, { errorCode: 27, throttleTimeMs: 0 }));
    expect(() => decodeResponse(APIS.Heartbeat, 1, frame.subarray(0, -1))).toThrow('no response of Heartbeat');
    expect(() => correlationIdOf(frame.subarray(0, 3))).toThrow('a frame of 3 bytes');
  });
});
