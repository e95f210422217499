import { describe, expect, it } from 'vitest';
import { firstSessionId, nextSessionId } from '../../../src/server/engine/session-id.ts';

const bits = (id: bigint) => BigInt.asUintN(64, id).toString(16).padStart(16, '0');

describe('firstSessionId', () => {
  it('has the server in its first byte, then the low 40 bits of the time', () => {
    expect(bits(firstSessionId(0x12, 0xb_cdef_0123_4567))).toBe('12ef012345670000');
    expect(bits(firstSessionId(0xfe, 1))).toBe('fe00000000010000');
  });

  it('is never the id that stands for none, nor that of the containers', () => {
    expect(firstSessionId(0, 0)).toBe(1n);
    expect(bits(firstSessionId(0x80, 0))).toBe('8000000000000001');
  });
});

describe('nextSessionId', () => {
  it('lies behind all that the server has given out, were its clock set back', () => {
    const known = firstSessionId(3, 1000) + 5n;
    expect(nextSessionId(3, 900, [known, firstSessionId(4, 5000)])).toBe(known + 1n);
    expect(nextSessionId(3, 1001, [known])).toBe(firstSessionId(3, 1001));
  });
});
