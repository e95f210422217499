/**
 * `/delegation_token/tokens/<token id>`: who owns a token and until when it is good. The secret is not in it.
 *
 *   {"issueTimestamp":1795255563177,"renewers":["User%3Acarol"],"tokenRequester":"User%3Abob","tokenId":"dYg_iA3yQzqDLNDVbYWm4Q",
 *    "owner":"User%3Aalice","expiryTimestamp":1795341963177,"maxTimestamp":1795860363177,"version":3}
 *
 * Principals are sanitized. Versions 1 and 2 have no `tokenRequester`: it is the owner. Source: Kafka's
 * DelegationTokenManagerZk, KIP-48 and KIP-373.
 */
import { integer, type Kind, listOf, text, timestampMs } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { desanitizeName, sanitizeName } from './sanitized-name.ts';

export const DELEGATION_TOKENS_PATH = '/delegation_token/tokens';

/** Principals are `User:name`. */
export type DelegationToken = {
  readonly tokenId: string;
  readonly owner: string;
  readonly tokenRequester: string;
  readonly renewers: readonly string[];
  readonly issueTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly expiryTimestampMs: number;
};

export function delegationTokenPath(tokenId: string): string {
  return `${DELEGATION_TOKENS_PATH}/${tokenId}`;
}

/** @throws MalformedZnodeError */
export function decodeDelegationToken(tokenId: string, data: Uint8Array | null): DelegationToken {
  const json = readJson(delegationTokenPath(tokenId), data);
  const version = json.required('version', integer(1, 3));
  const owner = json.required('owner', principal);
  return {
    tokenId: json.required('tokenId', text),
    owner,
    tokenRequester: version < 3 ? owner : json.required('tokenRequester', principal),
    renewers: json.required('renewers', listOf(principal)),
    issueTimestampMs: json.required('issueTimestamp', timestampMs),
    maxTimestampMs: json.required('maxTimestamp', timestampMs),
    expiryTimestampMs: json.required('expiryTimestamp', timestampMs),
  };
}

export function encodeDelegationToken(token: DelegationToken): Uint8Array {
  return writeJson({
    issueTimestamp: token.issueTimestampMs,
    renewers: token.renewers.map(sanitizeName),
    tokenRequester: sanitizeName(token.tokenRequester),
    tokenId: token.tokenId,
    owner: sanitizeName(token.owner),
    expiryTimestamp: token.expiryTimestampMs,
    maxTimestamp: token.maxTimestampMs,
    version: 3,
  });
}

const principal: Kind<string> = (value, place) => {
  const name = typeof value === 'string' ? desanitizeName(value) : undefined;
  if (name === undefined || !name.includes(':')) throw place.expected('a principal', value);
  return name;
};
