import type { Logger } from '../../src/logger.ts';

/** A log whose lines a test reads: `warn: what happened`. */
export function recordingLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (_fields: object, message: string) => {
    lines.push(`${level}: ${message}`);
  };
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
