import { describe, expect, it } from 'vitest';
import { sanitizeName } from '../../src/znodes/sanitized-name.ts';

describe('sanitizeName', () => {
  it('makes a question mark of half a character, as Java does', () => {
    expect(sanitizeName('\ud800x\u{1f600}\udc00')).toBe('%3Fx%F0%9F%98%80%3F');
  });
});
