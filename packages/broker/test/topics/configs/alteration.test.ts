import { describe, expect, it } from 'vitest';
import { altered } from '../../../src/topics/configs/alteration.ts';

const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3] as const;

function after(
  current: Readonly<Record<string, string>>,
  ...alterations: readonly (readonly [name: string, operation: number, value?: string])[]
): Record<string, string> {
  const list = alterations.map(([name, operation, value = null]) => ({ name, operation, value }));
  const once = altered(new Map(Object.entries(current)), list);
  expect(altered(once, list)).toEqual(once);
  return Object.fromEntries(once);
}

describe('altered', () => {
  it('sets and deletes, and leaves the others alone', () => {
    expect(after({ a: '1', b: '2' }, ['b', SET, '3'], ['c', SET, '4'], ['a', DELETE])).toEqual({ b: '3', c: '4' });
  });

  it('deletes what this build does not know', () => {
    expect(after({ 'from.the.future': '1' }, ['from.the.future', DELETE])).toEqual({});
  });

  it.each([
    ['adds what is not there', 'compact', 'delete, compact', 'compact,delete'],
    ['begins with the default where nothing is set', undefined, 'compact', 'delete,compact'],
    ['begins with what is set, even nothing', '', 'compact', 'compact'],
    ['adds nothing', 'compact', '', 'compact'],
  ])('appends: %s', (_what, current, value, expected) => {
    const config = after(current === undefined ? {} : { 'cleanup.policy': current }, ['cleanup.policy', APPEND, value]);
    expect(config['cleanup.policy']).toBe(expected);
  });

  it.each([
    ['takes away what is there', 'compact,delete', 'delete', 'compact'],
    ['may leave nothing', 'compact', 'compact', ''],
    ['begins with the default where nothing is set', undefined, 'delete', ''],
    ['minds nothing that is not there', 'compact', 'delete', 'compact'],
  ])('subtracts: %s', (_what, current, value, expected) => {
    const config = after(current === undefined ? {} : { 'cleanup.policy': current }, [
      'cleanup.policy',
      SUBTRACT,
      value,
    ]);
    expect(config['cleanup.policy']).toBe(expected);
  });

  it.each([
    [
      'appends to no list',
      'retention.ms',
      APPEND,
      'INVALID_CONFIG',
      'retention.ms: it is no list: set it, or delete it',
    ],
    ['subtracts from no list', 'retention.ms', SUBTRACT, 'INVALID_CONFIG', /no list/],
    ['appends to what there is not', 'no.such', APPEND, 'INVALID_CONFIG', 'no.such: a topic has no such property'],
    ['does what there is not', 'retention.ms', 4, 'INVALID_REQUEST', /There is no operation 4/],
  ])('refuses who %s', (_what, name, operation, error, message) => {
    const alter = () => altered(new Map(), [{ name, operation, value: '1' }]);
    expect(alter).toThrow(expect.objectContaining({ error, message: expect.stringMatching(message) }));
  });
});
