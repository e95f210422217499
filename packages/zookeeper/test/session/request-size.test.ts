import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../../src/jute/request-codec.ts';
import { requestSizeBytes } from '../../src/session/request-size.ts';
import type { SessionRequest } from '../../src/session/session-link.ts';
import { REQUESTS } from '../support/jute/request-arbitraries.ts';

const { create, exists, getData, setData, getChildren2, getACL, setACL, multi, sync } = REQUESTS;

describe('requestSizeBytes', () => {
  it('is what the codec writes, without the length of the frame', () => {
    const requests = [create, REQUESTS.delete, exists, getData, setData, getChildren2, getACL, setACL, multi, sync];
    fc.assert(
      fc.property(fc.oneof(...requests), (request) => {
        expect(requestSizeBytes(request as SessionRequest)).toBe(encodeRequest(1, request).length - 4);
      }),
      { numRuns: 1000 },
    );
  });
});
