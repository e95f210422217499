/** What a znode's JSON is made of. A map keeps its order, an object too as long as none of its keys is a number. */
export type JsonValue =
  | string
  | number
  | null
  | boolean
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
  | { readonly [key: string]: JsonValue | undefined };

/** A surrogate (Kafka's writer escapes those of characters beyond U+FFFF), or an escape with lower-case digits. */
const TO_ESCAPE = /[\ud800-\udfff]|\\u[0-9a-f]{4}|\\\\/g;

/**
 * JSON byte for byte as Kafka's writer (Jackson) makes it: no white space, escapes with upper-case digits. Keys whose
 * value is undefined are left out. @throws RangeError for a number that is not a safe integer
 */
export function writeJson(value: JsonValue): Uint8Array {
  return Buffer.from(jsonOf(value));
}

function jsonOf(value: JsonValue): string {
  if (typeof value === 'string') return jsonOfText(value);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} is no safe integer`);
  if (value === null || typeof value !== 'object') return `${value}`;
  if (isList(value)) return `[${value.map(jsonOf).join(',')}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const fields = entries.flatMap(([key, item]) => (item === undefined ? [] : [`${jsonOfText(key)}:${jsonOf(item)}`]));
  return `{${fields.join(',')}}`;
}

function jsonOfText(text: string): string {
  return JSON.stringify(text).replace(TO_ESCAPE, (found) => {
    if (found === '\\\\') return found;
    const code = found.startsWith('\\u') ? found.slice(2) : found.charCodeAt(0).toString(16);
    return `\\u${code.toUpperCase()}`;
  });
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
