import { createHash } from 'node:crypto';

/**
 * Tells whether two environments set the same properties of brokers (`BARNABAS_...`), without a word of what they set: among
 * them may be passwords. Empty where nothing is set.
 */
export function propertyVariables(environment: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(environment).filter(
    ([name, value]) => name.startsWith('BARNABAS_') && value !== undefined,
  );
  if (set.length === 0) return '';
  return createHash('sha256').update(JSON.stringify(set.sort())).digest('hex');
}
