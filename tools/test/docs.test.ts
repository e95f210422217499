import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generatedPages } from '../docs.ts';

describe('the pages made from the code', () => {
  it.each([...generatedPages()])('docs/%s is what `make docs` writes', (name, text) => {
    expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(text);
  });

  it('keep every table row in its columns', () => {
    for (const [name, text] of generatedPages()) {
      for (const block of text.split('\n\n').filter((paragraph) => paragraph.startsWith('|'))) {
        const columns = block
          .trimEnd()
          .split('\n')
          .map((line) => line.split('|').length);
        expect(new Set(columns).size, name).toBe(1);
      }
    }
  });
});
