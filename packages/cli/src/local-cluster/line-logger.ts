import type { Logger } from '@barnabas/broker';
import type { Terminal } from '../terminal.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A log for whoever sits in front of it: `warn broker 1: broker id 1 is still registered (waitMs 11000)`.
 *
 * @param least that is printed, at the time
 */
export function lineLogger(terminal: Terminal, server: string, least: () => LogLevel): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least())) return;
    const details = Object.entries(fields).map(([name, value]) => `${name} ${textOf(value)}`);
    const appendix = details.length === 0 ? '' : ` (${details.join(', ')})`;
    terminal.err(`${level} ${server}: ${message}${appendix}`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function textOf(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : (JSON.stringify(value, withBigInts) ?? String(value));
}

const withBigInts = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
