/**
 * What may stand in a znode's JSON. A kind takes any value and answers the checked one, or throws MalformedZnodeError.
 * Keys that nobody asks for are passed over, as Kafka does: a newer version may have written them.
 */
import type { Place } from './place.ts';

export type Kind<T> = (value: unknown, place: Place) => T;

const INT32_MAX = 2147483647;
const DECIMAL = /^-?\d{1,19}$/;

export const text: Kind<string> = (value, place) => {
  if (typeof value !== 'string') throw place.expected('a string', value);
  return value;
};

export const boolean: Kind<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw place.expected('true or false', value);
  return value;
};

/** An integer from `min` to `max`. Beyond 2^53 a number has lost digits, so no bound may lie there. */
export function integer(min: number, max: number): Kind<number> {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw place.expected(`an integer from ${min} to ${max}`, value);
    }
    return value;
  };
}

/** An int32 that is not negative: ids, epochs, partitions. */
export const natural = integer(0, INT32_MAX);

/** The same, or -1 for none. */
export const naturalOrNone = integer(-1, INT32_MAX);

/** Milliseconds since 1970. */
export const timestampMs = integer(-1, Number.MAX_SAFE_INTEGER);

/** An int64 as decimal text; refused where it does not fit a safe integer. */
export const int64Text: Kind<number> = (value, place) => {
  if (typeof value !== 'string' || !DECIMAL.test(value) || !Number.isSafeInteger(Number(value))) {
    throw place.expected('an integer below 2^53 as a string', value);
  }
  return Number(value);
};

export function oneOf<T extends string>(names: readonly T[]): Kind<T> {
  return (value, place) => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw place.expected(`one of ${names.join(', ')}`, value);
    return found;
  };
}

export function listOf<T>(kind: Kind<T>): Kind<T[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw place.expected('an array', value);
    return value.map((item, index) => kind(item, place.at(index)));
  };
}

/** In the order of the text, but for keys that are numbers: those come first and rise. */
export function mapOf<T>(kind: Kind<T>): Kind<Map<string, T>> {
  return (value, place) => {
    if (!isObject(value)) throw place.expected('an object', value);
    return new Map(Object.entries(value).map(([key, item]) => [key, kind(item, place.at(key))]));
  };
}

/** An object that is read key by key. */
export const object: Kind<Fields> = (value, place) => {
  if (!isObject(value)) throw place.expected('an object', value);
  return new Fields(value, place);
};

/** An object of which some keys are asked for. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: Place;

  constructor(values: Readonly<Record<string, unknown>>, place: Place) {
    this.#values = values;
    this.#place = place;
  }

  /** @throws MalformedZnodeError where the key is missing or holds something else */
  required<T>(key: string, kind: Kind<T>): T {
    return kind(this.#valueOf(key), this.#place.at(key));
  }

  /** undefined where the key is missing or null. @throws MalformedZnodeError where it holds something else */
  optional<T>(key: string, kind: Kind<T>): T | undefined {
    const value = this.#valueOf(key);
    return value === undefined || value === null ? undefined : kind(value, this.#place.at(key));
  }

  #valueOf(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
