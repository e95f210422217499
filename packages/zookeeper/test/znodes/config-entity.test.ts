import { brokerId } from '@barnabas/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfigEntity,
  DEFAULT_ENTITY,
  formatEntityPath,
  parseEntityPath,
} from '../../src/znodes/config-entity.ts';
import { configPath } from '../../src/znodes/config-znode.ts';

const ENTITIES: readonly (readonly [string, ConfigEntity])[] = [
  ['topics/my.topic', { type: 'topic', topic: 'my.topic' }],
  ['brokers/0', { type: 'broker', broker: brokerId(0) }],
  ['brokers/<default>', { type: 'broker', broker: DEFAULT_ENTITY }],
  ['users/alice%20%40example', { type: 'user', user: 'alice @example' }],
  ['users/<default>', { type: 'user', user: DEFAULT_ENTITY }],
  ['users/%3Cdefault%3E', { type: 'user', user: '<default>' }],
  ['users/<default>/clients/<default>', { type: 'userClient', user: DEFAULT_ENTITY, client: DEFAULT_ENTITY }],
  ['users/bob/clients/client%2F1', { type: 'userClient', user: 'bob', client: 'client/1' }],
  ['clients/client%2F1', { type: 'client', client: 'client/1' }],
  ['clients/<default>', { type: 'client', client: DEFAULT_ENTITY }],
  ['ips/10.1.2.3', { type: 'ip', ip: '10.1.2.3' }],
  ['ips/::1', { type: 'ip', ip: '::1' }],
  ['ips/<default>', { type: 'ip', ip: DEFAULT_ENTITY }],
];

describe('the path of an entity', () => {
  it.each(ENTITIES)('%s is written and read', (path, entity) => {
    expect(formatEntityPath(entity)).toBe(path);
    expect(parseEntityPath(path)).toEqual(entity);
    expect(configPath(entity)).toBe(`/config/${path}`);
  });

  it.each([
    '',
    'topics',
    'topics/',
    '/topics/t',
    'planets/earth',
    'brokers/x',
    'brokers/-1',
    'brokers/2147483648',
    'topics/t/clients/c',
    'users/u/clients',
    'users/u/ips/1',
    'users/u/clients/c/d',
    'users/%',
    'users/u/clients/%E0%A4',
  ])('%j names nothing', (path) => {
    expect(parseEntityPath(path)).toBeUndefined();
  });

  it('of any user and client is read as it was written', () => {
    const name = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(name, name, (user, client) => {
        const entity = { type: 'userClient', user, client } as const;
        expect(parseEntityPath(formatEntityPath(entity))).toEqual(entity);
      }),
    );
  });
});
