import { type AnyMessage, APIS, type Api, type ApiName } from '@barnabas/protocol';

/** A message on its way: its bytes, and what the other end makes of them. */
export type Carried = { readonly bytes: Uint8Array; readonly copy: object };

/**
 * A message as it comes out at the other end of a wire: encoded and decoded, so that what cannot be written fails as it
 * would there, and neither side holds an object of the other.
 *
 * @throws UnencodableMessageError, UnsupportedMessageVersionError
 */
export function carried(api: ApiName, part: 'request' | 'response', version: number, message: object): Carried {
  const row: Api<ApiName, AnyMessage, AnyMessage> = APIS[api];
  const bytes = row[part].encode(version, message);
  return { bytes, copy: row[part].decode(version, bytes) };
}
