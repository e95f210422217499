import type { IncomingMessage } from 'node:http';
import type { RecordHeader } from '@barnabas/protocol';
import { badRequest } from '../http/rest-error.ts';

const KEY = 'record-key';
const HEADER_PREFIX = 'record-header-';

/**
 * A key from `Record-Key` or `?key=`, for all records of the request. Bytes of an HTTP header arrive as they are; a query is
 * UTF-8.
 */
export const keyOf = (message: IncomingMessage, query: string | undefined): Buffer | null => {
  const header = message.headers[KEY];
  if (header !== undefined && query !== undefined)
    throw badRequest('a key in the Record-Key header and one in the query');
  if (query !== undefined) return Buffer.from(query, 'utf8');
  return typeof header === 'string' ? Buffer.from(header, 'latin1') : null;
};

/**
 * Records' headers from `Record-Header-<key>`, in their order, also several of one key. The key is in lower case: HTTP does
 * not keep the case of names.
 */
export const recordHeadersOf = ({ rawHeaders }: IncomingMessage): RecordHeader[] => {
  const headers: RecordHeader[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? '';
    if (name.startsWith(HEADER_PREFIX)) {
      const key = name.slice(HEADER_PREFIX.length);
      headers.push({ key, value: Buffer.from(rawHeaders[at + 1] ?? '', 'latin1') });
    }
  }
  return headers;
};
