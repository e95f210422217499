/**
 * `/delegation_token/token_changes/token_change_<number>`, sequential: a token was made, renewed or removed. Its data is the
 * bare token id. Source: Kafka's DelegationTokenChangeNotificationSequenceZNode.
 */
import { readText } from './json/read-znode.ts';
import type { NotificationKind } from './notification-kind.ts';

export const DELEGATION_TOKEN_CHANGES: NotificationKind<string> = {
  parent: '/delegation_token/token_changes',
  prefix: 'token_change_',
  decode: readText,
  encode: (tokenId) => Buffer.from(tokenId),
};
