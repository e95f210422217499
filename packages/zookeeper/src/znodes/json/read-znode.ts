import type { Fields, Kind } from './kinds.ts';
import { integer, object } from './kinds.ts';
import { Place } from './place.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const DECIMAL = /^-?\d{1,19}$/;

/** The JSON object that is a znode's data. @throws MalformedZnodeError */
export function readJson(path: string, data: Uint8Array | null): Fields {
  return readJsonAs(path, data, object);
}

/** @throws MalformedZnodeError */
export function readJsonAs<T>(path: string, data: Uint8Array | null, kind: Kind<T>): T {
  const place = new Place(path);
  const json = readText(path, data);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The error would quote the data, which may be a secret.
    throw place.wrong('it is not JSON');
  }
  return kind(value, place);
}

/** The text that is a znode's data. @throws MalformedZnodeError where there is no data, or it is not UTF-8 */
export function readText(path: string, data: Uint8Array | null): string {
  const place = new Place(path);
  if (data === null) throw place.wrong('it has no data');
  try {
    return UTF8.decode(data);
  } catch {
    throw place.wrong('it is not UTF-8');
  }
}

/** The number that is a znode's whole data, as bare decimal text. @throws MalformedZnodeError */
export function readDecimal(path: string, data: Uint8Array | null, min: number, max: number): number {
  const decimal = readText(path, data);
  const place = new Place(path);
  if (!DECIMAL.test(decimal)) throw place.expected('a decimal number', decimal);
  return integer(min, max)(Number(decimal), place);
}
