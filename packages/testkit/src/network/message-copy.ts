import { type AnyMessage, APIS, type Api, type ApiName } from '@barnabas/protocol';

/**
 * A message as it comes out at the other end of a wire: encoded and decoded, so that what cannot be written fails as it
 * would there, and neither side holds an object of the other.
 *
 * @throws UnencodableMessageError, UnsupportedMessageVersionError
 */
export function copyOf(api: ApiName, part: 'request' | 'response', version: number, message: object): object {
  const row: Api<ApiName, AnyMessage, AnyMessage> = APIS[api];
  return row[part].decode(version, row[part].encode(version, message));
}
