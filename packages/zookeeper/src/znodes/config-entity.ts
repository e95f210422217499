/**
 * Whose configuration `/config/<entity path>` is, and what a change notification names:
 *
 *   topics/<topic>   brokers/<id>   users/<user>   clients/<client>   users/<user>/clients/<client>   ips/<ip>
 *
 * `<default>` in place of a name stands for all that have nothing of their own (not of topics). Names of users and clients
 * are sanitized, so that a user who is called `<default>` is another one.
 */
import { type BrokerId, brokerId } from '@barnabas/model';
import { desanitizeName, sanitizeName } from './sanitized-name.ts';

/** Stands for all that have nothing of their own. */
export const DEFAULT_ENTITY = Symbol('default');

type NameOrDefault = string | typeof DEFAULT_ENTITY;

export type ConfigEntity =
  | { readonly type: 'topic'; readonly topic: string }
  | { readonly type: 'broker'; readonly broker: BrokerId | typeof DEFAULT_ENTITY }
  | { readonly type: 'user'; readonly user: NameOrDefault }
  | { readonly type: 'client'; readonly client: NameOrDefault }
  | { readonly type: 'userClient'; readonly user: NameOrDefault; readonly client: NameOrDefault }
  | { readonly type: 'ip'; readonly ip: NameOrDefault };

const DEFAULT_NAME = '<default>';
const BROKER_ID = /^(0|[1-9]\d{0,9})$/;
const MAX_BROKER_ID = 2147483647;

export function formatEntityPath(entity: ConfigEntity): string {
  switch (entity.type) {
    case 'topic':
      return `topics/${entity.topic}`;
    case 'broker':
      return `brokers/${entity.broker === DEFAULT_ENTITY ? DEFAULT_NAME : entity.broker}`;
    case 'user':
      return `users/${sanitized(entity.user)}`;
    case 'client':
      return `clients/${sanitized(entity.client)}`;
    case 'userClient':
      return `users/${sanitized(entity.user)}/clients/${sanitized(entity.client)}`;
    case 'ip':
      return `ips/${entity.ip === DEFAULT_ENTITY ? DEFAULT_NAME : entity.ip}`;
  }
}

/** undefined where it names nothing. */
export function parseEntityPath(path: string): ConfigEntity | undefined {
  const [type, name, below, nameBelow, ...rest] = path.split('/');
  if (name === undefined || name === '' || rest.length > 0) return undefined;
  if (below !== undefined) return type === 'users' && below === 'clients' ? userClient(name, nameBelow) : undefined;
  switch (type) {
    case 'topics':
      return { type: 'topic', topic: name };
    case 'brokers':
      return broker(name);
    case 'users': {
      const user = desanitized(name);
      return user === undefined ? undefined : { type: 'user', user };
    }
    case 'clients': {
      const client = desanitized(name);
      return client === undefined ? undefined : { type: 'client', client };
    }
    case 'ips':
      return { type: 'ip', ip: name === DEFAULT_NAME ? DEFAULT_ENTITY : name };
    default:
      return undefined;
  }
}

function userClient(userName: string, clientName: string | undefined): ConfigEntity | undefined {
  const user = desanitized(userName);
  const client = clientName === undefined ? undefined : desanitized(clientName);
  return user === undefined || client === undefined ? undefined : { type: 'userClient', user, client };
}

function broker(name: string): ConfigEntity | undefined {
  if (name === DEFAULT_NAME) return { type: 'broker', broker: DEFAULT_ENTITY };
  if (!BROKER_ID.test(name) || Number(name) > MAX_BROKER_ID) return undefined;
  return { type: 'broker', broker: brokerId(Number(name)) };
}

function sanitized(name: NameOrDefault): string {
  return name === DEFAULT_ENTITY ? DEFAULT_NAME : sanitizeName(name);
}

function desanitized(name: string): NameOrDefault | undefined {
  return name === DEFAULT_NAME ? DEFAULT_ENTITY : desanitizeName(name);
}
