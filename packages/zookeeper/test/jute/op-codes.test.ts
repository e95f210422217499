import { describe, expect, it } from 'vitest';
import { INNER_CODES, OP_CODES, opNameByCode } from '../../src/jute/op-codes.ts';

describe('the op codes', () => {
  it('are found by number, each under its own name', () => {
    for (const [name, code] of Object.entries(OP_CODES)) expect(opNameByCode(code)).toBe(name);
  });

  it('do not stand for a request where they are of results and of the log alone', () => {
    for (const code of Object.values(INNER_CODES)) expect(opNameByCode(code)).toBeUndefined();
  });
});
