import { readFileSync } from 'node:fs';
import { APIS, type ApiName, requestHeaderVersion } from '@barnabas/protocol';
import { SERVED_APIS } from '../../../src/kafka/served-apis.ts';

/** A request as Kafka wrote it, as a frame with its size in front. */
export type GoldenRequest = { readonly version: number; readonly bytes: Buffer };
type Line = { readonly kind: string; readonly version: number; readonly hex: string };

const SIZE_BYTES = 4;
/** Behind key and version: what says which request it is stays. */
const BODY_AT = 8;
const FOLDER = new URL('../../../../../test/golden/messages/', import.meta.url);

const linesOf = (name: ApiName): Line[] =>
  readFileSync(new URL(`${name}.ndjson`, FOLDER), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** In the versions that clients are served; without those that get no answer. */
export const goldenRequests = (name: ApiName): GoldenRequest[] =>
  linesOf(name)
    .filter(({ kind, version }) => kind === 'request' && version <= (SERVED_APIS[name]?.max ?? -1))
    .map(({ version, hex }) => ({ version, body: Buffer.from(hex, 'hex') }))
    .filter(({ version, body }) => name !== 'Produce' || APIS.Produce.request.decode(version, body).acks !== 0)
    .map(({ version, body }) => ({ version, bytes: requestOf(name, version, body) }));

/** One in the newest version, decoded. */
export const goldenResponse = (name: ApiName): object => {
  const { response, versions } = APIS[name];
  const line = linesOf(name).find(({ kind, version }) => kind === 'response' && version === versions.max);
  return response.decode(versions.max, Buffer.from(line?.hex ?? '', 'hex'));
};

/** The same with one byte changed, or cut off there; `where` is from 0 to 1. */
export function damaged({ bytes }: GoldenRequest, where: number, byte: number, isCut: boolean): Buffer {
  const copy = Buffer.from(bytes);
  const at = BODY_AT + Math.floor(where * (copy.length - BODY_AT));
  if (!isCut) {
    copy[at] = byte;
    return copy;
  }
  copy.writeInt32BE(at - SIZE_BYTES, 0);
  return copy.subarray(0, at);
}

export function framed(body: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

function requestOf(name: ApiName, version: number, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeInt16BE(APIS[name].key, 0);
  header.writeInt16BE(version, 2);
  header.writeInt32BE(7, 4);
  const clientId = Buffer.from([0, 1, 0x63]);
  const tags = requestHeaderVersion(APIS[name], version) === 2 ? Buffer.from([0]) : Buffer.alloc(0);
  return framed(Buffer.concat([header, clientId, tags, body]));
}
