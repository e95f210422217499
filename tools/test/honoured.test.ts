import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BROKER_ROWS, type ConfigRow, LOG_ROWS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';

const PACKAGES = resolve(import.meta.dirname, '../../packages');

/** The sources of every package but the model, which holds the rows themselves. */
const SOURCES = readdirSync(PACKAGES)
  .filter((name) => name !== 'model')
  .flatMap((name) =>
    readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(PACKAGES, name, 'src', path), 'utf8')),
  )
  .join('\n');

const ROWS: [string, ConfigRow<unknown>][] = Object.entries({ ...LOG_ROWS, ...BROKER_ROWS });

describe('a configuration row that says it is honoured', () => {
  it.each(ROWS.filter(([, { honoured }]) => honoured))('%s is read somewhere', (field) => {
    expect(SOURCES).toMatch(new RegExp(`\\b${field}\\b`));
  });
});
